"""What the operator sets, read once at the start and handed on as one frozen object."""

from bot.settings.faults import Fault, SettingsError
from bot.settings.model import Settings, near_misses
from bot.settings.values import GatewayName, Listen, LogFormat, LogLevel, Reencode

__all__ = [
    "Fault",
    "GatewayName",
    "Listen",
    "LogFormat",
    "LogLevel",
    "Reencode",
    "Settings",
    "SettingsError",
    "near_misses",
]
