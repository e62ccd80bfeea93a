"""The record of what managers, moderators and the operator have done in a server."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

ERASED = -1
"""Who did something and has had their data erased since."""


class Action(StrEnum):
    """What was done."""

    SETUP = "setup"
    LIMITS = "limits"
    BUDGET = "budget"
    MODELS = "models"
    WORDS = "words"
    PAUSE = "pause"
    RESUME = "resume"
    BLOCK = "block"
    UNBLOCK = "unblock"
    REMOVE = "remove"
    CANCEL = "cancel"
    GRANT = "grant"
    REFUND = "refund"
    RETRY = "retry"
    APPROVE = "approve"
    DECLINE = "decline"
    SERVE = "serve"
    TURN_AWAY = "turn_away"
    OFFER = "offer"


@dataclass(frozen=True, slots=True)
class Act:
    """One line of the record; `actor_id` 0 is the bot itself, ERASED somebody who was erased.

    `before` and `after` are the fields that changed as JSON objects, where something was changed or given.
    """

    at: datetime
    guild_id: int
    actor_id: int
    action: Action
    member_id: int | None = None
    job_id: str | None = None
    before: str | None = None
    after: str | None = None
    reason: str = ""
