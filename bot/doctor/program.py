"""Runs every check side by side, each bounded and none in the way of another, and prints the report."""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass

import structlog

from bot.doctor.finding import Finding, Standing, failed, passed
from bot.doctor.gateways import gateway
from bot.doctor.login import login
from bot.doctor.machine import data_folder, disk, memory
from bot.doctor.models import models, slugs
from bot.doctor.records import records
from bot.doctor.web import web
from bot.gateway.http import GatewayHttp
from bot.listing.columns import row, width
from bot.redaction import Redactor
from bot.settings import LogLevel, Settings

SECONDS = 40.0
"""For each check; all of them run at once."""
LABEL = 20

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Check:
    """A check and what it is about."""

    subject: str
    findings: AsyncIterator[Finding]


def doctor(settings: Settings) -> int:
    """Print what is in order and what is not; 1 if something fails."""
    if settings.log_level is not LogLevel.DEBUG:
        # The report says what there is to say; the libraries' lines would stand between.
        logging.disable(logging.WARNING)
    found = asyncio.run(_examine(settings))
    redact = Redactor(settings.secrets).text
    columns = width()
    for subject, finding in found:
        print(row(f"{finding.standing:<6}{subject}", redact(finding.text), columns, indent=0, label_width=LABEL))
    count = Counter(finding.standing for _, finding in found)
    print(f"\nfailed: {count[Standing.FAIL]}, hints: {count[Standing.HINT]}, passed: {count[Standing.PASS]}")
    return 1 if count[Standing.FAIL] else 0


async def _examine(settings: Settings) -> list[tuple[str, Finding]]:
    async with GatewayHttp() as http:
        checks = [*_local(settings), *_remote(settings, http)]
        found = await asyncio.gather(*map(_within_time, checks))
    return [(check.subject, finding) for check, findings in zip(checks, found, strict=True) for finding in findings]


def _local(settings: Settings) -> Iterator[Check]:
    yield Check("settings", _threaded(lambda _: iter([passed("everything that is set can be read")]), settings))
    yield Check("database", _threaded(records, settings))
    yield Check("data folder", _threaded(data_folder, settings))
    yield Check("disk", _threaded(disk, settings))
    yield Check("memory", _threaded(memory, settings))
    yield Check("models", _threaded(models, settings))


def _remote(settings: Settings, http: GatewayHttp) -> Iterator[Check]:
    yield Check("Discord", login(settings))
    ordered = slugs(settings)
    for name in settings.gateways:
        yield Check(name, gateway(settings, name, ordered, http))
    yield Check("web server", web(settings))


async def _threaded(look: Callable[[Settings], Iterator[Finding]], settings: Settings) -> AsyncIterator[Finding]:
    for finding in await asyncio.to_thread(lambda: list(look(settings))):
        yield finding


async def _within_time(check: Check, seconds: float = SECONDS) -> Sequence[Finding]:
    """What a check finds; whatever becomes of it, the others go on."""
    found: list[Finding] = []
    try:
        async with asyncio.timeout(seconds):
            async for finding in check.findings:
                found.append(finding)  # noqa: PERF401  what was found before an error counts
    except TimeoutError:
        found.append(failed(f"no answer within {seconds:.0f} s."))
    except Exception as error:
        log.exception("check failed", subject=check.subject)
        found.append(failed(f"could not be checked ({type(error).__name__}); the lines above say why."))
    return found
