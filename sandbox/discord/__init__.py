"""A local Discord: REST v10, the gateway socket, and a driver for the people who use it."""

from sandbox.discord.answers import Answer, Choices, DidNotRespondError
from sandbox.discord.channels import Channel, ChannelKind, Overwrite
from sandbox.discord.direct import DirectChannel, PrivateChannel
from sandbox.discord.forms import Form
from sandbox.discord.guild import Guild, Member, Role
from sandbox.discord.messages import Attachment, Message, Upload
from sandbox.discord.people import ClientRefusesError, Person
from sandbox.discord.permissions import Permission
from sandbox.discord.server import DiscordServer
from sandbox.discord.threads import Thread
from sandbox.discord.users import User
from sandbox.discord.waiting import wait_until
from sandbox.discord.world import World

__all__ = [
    "Answer",
    "Attachment",
    "Channel",
    "ChannelKind",
    "Choices",
    "ClientRefusesError",
    "DidNotRespondError",
    "DirectChannel",
    "DiscordServer",
    "Form",
    "Guild",
    "Member",
    "Message",
    "Overwrite",
    "Permission",
    "Person",
    "PrivateChannel",
    "Role",
    "Thread",
    "Upload",
    "User",
    "World",
    "wait_until",
]
