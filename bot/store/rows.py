"""Rows to jobs and back."""

import json
from dataclasses import asdict, fields
from decimal import Decimal
from typing import Any

from sqlalchemy import RowMapping

from bot.domain.failure import FailureKind
from bot.domain.film import Film, Treatment
from bot.domain.inputs import NO_INPUTS, Inputs
from bot.domain.job import Job, JobState, MessagePlace, ReplyToken, TaskRef
from bot.domain.request import CharacterClip, VideoRequest

_AS_THEY_ARE = {field.name for field in fields(Job)} - {
    "state",
    "request",
    "inputs",
    "status",
    "message",
    "reply",
    "task",
    "failure",
    "film",
}


def dump_request(request: VideoRequest) -> str:
    """A request as JSON; decimals become text. All of it is ASCII: a prompt may hold half an emoji, UTF-8 can't."""
    return json.dumps(asdict(request), default=str)


def load_request(text: str) -> VideoRequest:
    """A request from `dump_request`."""
    fields: dict[str, Any] = json.loads(text)
    clip = fields.pop("character")
    character = clip and CharacterClip(clip["url"], Decimal(clip["start"]), Decimal(clip["end"]))
    return VideoRequest(character=character, **fields)


def dump_inputs(inputs: Inputs) -> str | None:
    """Inputs as JSON; None where there are none."""
    return None if inputs == NO_INPUTS else json.dumps(asdict(inputs), default=str)


def load_inputs(text: str | None) -> Inputs:
    """Inputs from `dump_inputs`."""
    if text is None:
        return NO_INPUTS
    fields: dict[str, Any] = json.loads(text)
    seconds = fields.pop("clip_seconds")
    return Inputs(clip_seconds=None if seconds is None else Decimal(seconds), **fields)


def dump_film(film: Film | None) -> str | None:
    """A film as JSON; None where there is none."""
    return None if film is None else json.dumps(asdict(film), default=str)


def load_film(text: str | None) -> Film | None:
    """A film from `dump_film`."""
    if text is None:
        return None
    fields: dict[str, Any] = json.loads(text)
    seconds, treatment = fields.pop("seconds"), Treatment(fields.pop("treatment"))
    return Film(seconds=None if seconds is None else Decimal(seconds), treatment=treatment, **fields)


def _place(channel_id: int | None, message_id: int | None) -> MessagePlace | None:
    return MessagePlace(channel_id, message_id) if channel_id and message_id else None


def to_job(row: RowMapping) -> Job:
    """A job from a whole row of the table."""
    token, gateway, task_id = row["reply_token"], row["gateway"], row["task_id"]
    return Job(
        **{name: row[name] for name in _AS_THEY_ARE},
        state=JobState(row["state"]),
        request=load_request(row["request"]),
        inputs=load_inputs(row["inputs"]),
        status=_place(row["status_channel_id"], row["status_message_id"]),
        message=_place(row["message_channel_id"], row["message_id"]),
        reply=ReplyToken(token, row["reply_expires_at"]) if token else None,
        task=TaskRef(gateway, task_id) if gateway and task_id else None,
        failure=FailureKind(row["failure"]) if row["failure"] else None,
        film=load_film(row["film"]),
    )
