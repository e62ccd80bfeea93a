"""What has to be told that is about no job: to a server's log channel, or to the operator."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from bot.domain.audit import Action


class NoticeKind(StrEnum):
    """What it is about. Those of a server (`guild_id`) go to its log channel, those of guild 0 to the operators."""

    CHANGED = "changed"
    BUDGET = "budget"
    DECLINED_PROMPTS = "declined_prompts"
    SERVED = "served"
    APPROVE_SERVER = "approve_server"
    BAD_KEY = "bad_key"
    NO_CREDIT = "no_credit"
    MODEL_RETIRED = "model_retired"
    PROCESS_BUDGET = "process_budget"


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to tell; `about` holds what the sentence needs, as JSON has it: one of the forms below.

    `reached`: those of the operators who have been told.
    """

    id: int
    guild_id: int
    kind: NoticeKind
    about: Mapping[str, object]
    attempts: int
    created_at: datetime
    reached: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Changed:
    """CHANGED: who has changed a server's choices by which action; the fields that differ, as JSON objects.

    `channel`: where it is told, if that is not the log channel of the moment.
    """

    actor: int
    action: Action
    before: str
    after: str
    channel: int | None = None


@dataclass(frozen=True, slots=True)
class BudgetReached:
    """BUDGET: so many percent of a server's budget are spent; amounts are units of a ten-thousandth of a dollar."""

    period: Literal["day", "month"]
    level: int
    spent: int
    limit: int
    until: datetime


@dataclass(frozen=True, slots=True)
class PromptsDeclined:
    """DECLINED_PROMPTS: so many prompts of a member were declined today; until when they are paused."""

    member: int
    count: int
    until: datetime


@dataclass(frozen=True, slots=True)
class ServerAsks:
    """APPROVE_SERVER: a server whose manager has run setup; `members` is None where Discord does not say."""

    guild_id: int
    name: str
    members: int | None
    actor: int


@dataclass(frozen=True, slots=True)
class ServingDecided:
    """SERVED: what an operator has decided of a server, by its name; `by`: the manager who had run setup."""

    approved: bool
    name: str
    by: int


@dataclass(frozen=True, slots=True)
class GatewayTrouble:
    """BAD_KEY, NO_CREDIT and MODEL_RETIRED: at which gateway, which model, and which of its endpoints."""

    gateway: str
    model: str = ""
    slug: str = ""


@dataclass(frozen=True, slots=True)
class ProcessBudgetReached:
    """PROCESS_BUDGET: what the process may spend in a day, in units of a ten-thousandth of a dollar."""

    limit: int
    until: datetime
