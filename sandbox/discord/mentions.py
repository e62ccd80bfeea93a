"""Who a message mentions, once its `allowed_mentions` have had their say."""

import re

from sandbox.discord.messages import Message
from sandbox.discord.permissions import Permission
from sandbox.discord.wire import Payload

_CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
_USER = re.compile(r"<@!?(\d+)>")
_ROLE = re.compile(r"<@&(\d+)>")
_EVERYONE = re.compile(r"@(everyone|here)\b")
_ALL = ("users", "roles", "everyone")


def find_mentions(message: Message, allowed: Payload | None) -> None:
    """Set what a message mentions; without `allowed` everything in its text counts."""
    text = _CODE.sub("", message.content if not message.is_v2 else message.text)
    rules: Payload = {"parse": _ALL, "replied_user": True} if allowed is None else allowed
    _find_people(message, text, rules)
    guild = message.place.guild
    if guild is None:
        return
    may_ping_all = Permission.MENTION_EVERYONE in message.place.permissions_of(message.author)
    roles = [guild.roles[role_id] for role_id in _allowed_ids(_ROLE, text, rules, "roles") if role_id in guild.roles]
    message.mentioned_roles = [role for role in roles if role.mentionable or may_ping_all]
    wants_all = "everyone" in rules.get("parse", ()) and _EVERYONE.search(text) is not None
    message.mentions_everyone = wants_all and may_ping_all


def _find_people(message: Message, text: str, rules: Payload) -> None:
    users = message.place.world.users
    message.mentions = [users[user_id] for user_id in _allowed_ids(_USER, text, rules, "users") if user_id in users]
    if message.reference is not None and rules.get("replied_user"):
        author = message.reference.author
        message.mentions += [] if author in message.mentions else [author]


def _allowed_ids(pattern: re.Pattern[str], text: str, rules: Payload, kind: str) -> list[int]:
    found = list(dict.fromkeys(int(match) for match in pattern.findall(text)))
    if kind in rules.get("parse", ()):
        return found
    named = {int(value) for value in rules.get(kind) or ()}
    return [value for value in found if value in named]
