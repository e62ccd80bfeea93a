"""What has to be told that is about no job: to a server's log channel, or to the operator."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class NoticeKind(StrEnum):
    """What it is about. Those of a server (`guild_id`) go to its log channel, those of guild 0 to the operators."""

    CHANGED = "changed"
    BUDGET = "budget"
    DECLINED_PROMPTS = "declined_prompts"
    APPROVE_SERVER = "approve_server"
    BAD_KEY = "bad_key"
    NO_CREDIT = "no_credit"
    MODEL_RETIRED = "model_retired"
    PROCESS_BUDGET = "process_budget"


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to tell; `about` holds what the sentence needs, as JSON has it."""

    id: int
    guild_id: int
    kind: NoticeKind
    about: Mapping[str, object]
    attempts: int
    created_at: datetime
