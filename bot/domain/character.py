"""A saved character: a short clip that its owner may use again, and may let others use."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

SHORTEST_NAME = 2
LONGEST_NAME = 32


class Sharing(StrEnum):
    """Who may use a character in the server where it was made; its owner may use it everywhere."""

    ME = "me"
    CHOSEN = "chosen"
    EVERYONE = "everyone"


@dataclass(frozen=True, slots=True)
class Character:
    """A character. `file` names the kept clip, which is `seconds` long; `confirmed_at`: when its owner ticked that
    the clip shows no real person and that they may use it."""

    id: str
    owner_id: int
    guild_id: int | None
    name: str
    file: str
    seconds: Decimal
    confirmed_at: datetime
    created_at: datetime
    sharing: Sharing = Sharing.ME
    user_ids: frozenset[int] = frozenset()
    role_ids: frozenset[int] = frozenset()

    def may_use(self, user_id: int, guild_id: int | None, role_ids: frozenset[int]) -> bool:
        """Whether somebody with these roles may use it in this server."""
        if user_id == self.owner_id:
            return True
        if self.guild_id is None or guild_id != self.guild_id:
            return False
        match self.sharing:
            case Sharing.EVERYONE:
                return True
            case Sharing.CHOSEN:
                return user_id in self.user_ids or bool(role_ids & self.role_ids)
            case Sharing.ME:
                return False
