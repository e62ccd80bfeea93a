"""Logging: one line per event, as text or JSON, in which no key and no token can appear."""

import hashlib
import json
import logging
import sys
import threading
from types import TracebackType
from typing import TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from bot.redaction import Redactor
from bot.settings import LogFormat, LogLevel, Settings

LIBRARIES = ("aiohttp", "aiosqlite", "alembic", "asyncio", "discord", "sqlalchemy", "stamina")
"""What writes whole messages or statements at DEBUG; only their INFO and above is of use here."""
PROMPTS = frozenset({"prompt", "negative", "negative_prompt"})
FIRST = ("timestamp", "level", "event", "logger")


def configure(settings: Settings, stream: TextIO | None = None) -> None:
    """Send every log record of the process, of libraries too, and uncaught errors to `stream` (stderr)."""
    whole_prompts = settings.log_level is LogLevel.DEBUG
    redact = Redactor(settings.secrets, hidden=frozenset() if whole_prompts else PROMPTS, hide=fingerprint)
    shared: list[Processor] = [
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            _redaction(redact),
            as_json if settings.log_format is LogFormat.JSON else as_text,
        ],
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(formatter)
    logging.basicConfig(handlers=[handler], level=settings.log_level.value, force=True)
    for name in LIBRARIES:
        logging.getLogger(name).setLevel(max(logging.INFO, logging.getLogger().level))
    # SQLAlchemy writes each statement with its parameters at INFO.
    logging.getLogger("sqlalchemy").setLevel(max(logging.WARNING, logging.getLogger().level))
    logging.captureWarnings(True)
    _log_uncaught_errors()
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.processors.StackInfoRenderer(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
    )


def fingerprint(text: str) -> str:
    """What stands for a prompt: enough to recognise it, not to read it."""
    digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
    return f"[{len(text)} characters, sha256 {digest[:12]}]"


def as_json(_: WrappedLogger, __: str, event: EventDict) -> str:
    """One JSON object a line, the usual fields first."""
    return json.dumps(_ordered(event), ensure_ascii=False)


def as_text(_: WrappedLogger, __: str, event: EventDict) -> str:
    """A line for people: time, level, event, fields; a traceback below it.

    Line breaks in an event or a field are escaped, so that nobody's prompt can look like a line of its own.
    """
    below = [str(event.pop(name)) for name in ("stack", "stack_info", "exception") if event.get(name)]
    rest = _ordered(event)
    time, level, what, logger = (str(rest.pop(name, "-")) for name in FIRST)
    fields = "".join(f" {name}={_one_word(value)}" for name, value in rest.items())
    return "\n".join([f"{time} {level:<8} {_one_line(what)} [{logger}]{fields}", *below])


def _ordered(event: EventDict) -> dict[str, object]:
    return {name: event[name] for name in FIRST if name in event} | dict(event)


def _one_line(text: str) -> str:
    return text if text.isprintable() else text.encode("unicode_escape").decode("ascii")


def _one_word(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if text.isprintable() and text and " " not in text else json.dumps(text, ensure_ascii=False)


def _redaction(redact: Redactor) -> Processor:
    def process(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
        return redact.fields(event)

    return process


def _log_uncaught_errors() -> None:
    """Uncaught errors would be written by Python itself, keys and all."""
    log = logging.getLogger("bot")

    def uncaught(kind: type[BaseException], error: BaseException | None, traceback: TracebackType | None) -> None:
        if error is not None and not issubclass(kind, KeyboardInterrupt):
            log.critical("uncaught error", exc_info=(kind, error, traceback))

    def uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
        uncaught(args.exc_type, args.exc_value, args.exc_traceback)

    def unraisable(args: "sys.UnraisableHookArgs") -> None:
        uncaught(args.exc_type, args.exc_value, args.exc_traceback)

    sys.excepthook = uncaught
    threading.excepthook = uncaught_in_thread
    sys.unraisablehook = unraisable
