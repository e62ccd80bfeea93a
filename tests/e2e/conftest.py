"""The stage for tests of the whole program, checked against Discord's own description of its API where there is one."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sandbox.gateway import Plan
from sandbox.stage import Stage
from tests.sandbox.discord.conftest import wire_faults

QUICK = Plan(queued_seconds=0.05, processing_seconds=0.3, progress=(30, 70))


def prepare(stage: Stage) -> Stage:
    """A quick gateway."""
    stage.gateway.default_plan = QUICK
    stage.highway.default_plan = QUICK
    return stage


def check_exchanges(stage: Stage) -> None:
    """Fail if a request of the bot, or an answer of the local Discord, is not as Discord describes it."""
    assert wire_faults(stage.discord) == []


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """A stage of its own, the bot not started yet."""
    async with prepare(Stage(tmp_path / "bot")) as stage:
        yield stage
        check_exchanges(stage)


def approved(stage: Stage, **settings: str) -> dict[str, str]:
    """Settings under which the role Makers may order without a setup."""
    return {"ALLOWED_GUILDS": str(stage.guild.id), "DEFAULT_ROLES": str(stage.makers.id), **settings}
