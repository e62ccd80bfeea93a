"""`python -m bot doctor` as its operator meets it: what passes, what is a hint, what fails, what it leaves alone."""

import re
import socket
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.store.migrate import HEAD
from sandbox.gateway import FaultKind
from sandbox.gateway.unreachable import refusing_url
from sandbox.program import Program
from sandbox.stage import Stage

NINTH = Path(__file__).parents[1] / "bot" / "listing" / "ninth.toml"
WRONG_TOKEN = "a-token-that-nobody-knows-0123456789"
WRONG_KEY = "sk_that-nobody-knows-0123456789"
MESSAGE_CONTENT = 1 << 19
SUBJECTS = ["settings", "database", "data folder", "disk", "memory", "models", "Discord", "myrouter", "web server"]
_LINE = re.compile(r"(pass|hint|FAIL)  (.{13}) (.*)")


@dataclass(frozen=True, slots=True)
class Report:
    """How it ended, and its lines as standing, subject and text."""

    status: int
    lines: list[tuple[str, str, str]]
    told: str

    def of(self, subject: str, standing: str | None = None) -> list[str]:
        return [text for is_, about, text in self.lines if about == subject and standing in {None, is_}]

    @property
    def failed(self) -> list[str]:
        """What it is about that fails."""
        return [about for standing, about, _ in self.lines if standing == "FAIL"]


async def look(stage: Stage, **settings: str) -> Report:
    """Run it beside whatever runs. No secret may ever be in what it says, and nothing may be ordered."""
    program = Program(stage.folder, stage.settings() | {"COLUMNS": "120"} | settings)
    program.log = stage.folder / "doctor.log"
    program.log.unlink(missing_ok=True)
    await program.start("doctor")
    status, told = await program.wait(), program.told()
    secrets = [stage.discord.token, stage.gateway.key, stage.highway.key, WRONG_TOKEN, WRONG_KEY]
    assert [secret for secret in secrets if secret in told] == []
    assert "Traceback" not in told
    assert stage.gateway.submits == stage.highway.submits == 0
    return Report(status, _lines(told), told)


def free_address() -> str:
    """Where nothing listens just now."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{taken.getsockname()[1]}"


def _lines(told: str) -> list[tuple[str, str, str]]:
    lines: list[tuple[str, str, str]] = []
    for line in told.partition("\n\n")[0].splitlines():
        match = _LINE.fullmatch(line)
        if match is not None:
            lines.append((match[1], match[2].strip(), match[3]))
        elif lines and line.startswith(" "):
            standing, subject, text = lines[-1]
            lines[-1] = (standing, subject, f"{text} {line.strip()}")
    return lines


async def test_what_is_in_order_passes_and_ends_with_status_0(stage: Stage) -> None:
    report = await look(stage)

    assert report.status == 0
    assert list(dict.fromkeys(about for _, about, _ in report.lines)) == SUBJECTS
    (database,) = report.of("database")
    assert database.startswith(f"{stage.folder}/clapboard.db, ")
    assert database.endswith(f"version {HEAD}: no fault found")
    key, listed = report.of("myrouter", "pass")
    assert key == f"{stage.gateway.url} takes the key"
    assert listed.endswith(" endpoints of the models are in its public list")
    assert report.of("Discord", "pass")[0].endswith("in 1 server; the gateway answers")
    assert report.told.splitlines()[-1].startswith("failed: 0, hints: ")


async def test_it_looks_while_the_bot_runs_and_disturbs_nothing(stage: Stage) -> None:
    address = free_address()
    web = {"HTTP_LISTEN": address, "PUBLIC_URL": f"http://{address}"}
    await stage.open(**web)

    report = await look(stage, **web)

    assert report.failed == []
    assert "11 commands registered" in report.of("Discord", "pass")
    assert report.of("web server") == [
        f"the bot runs and answers at {address}",
        f"http://{address} leads to the bot",
    ]
    assert (stage.discord.gateway.identified, stage.discord.gateway.connected_shards) == (1, {0})
    assert await stage.program.stop() == 0


async def test_a_setting_that_is_missing_ends_it_as_it_ends_run(stage: Stage) -> None:
    report = await look(stage, DISCORD_TOKEN="")

    assert report.status == 2
    assert report.told.startswith("DISCORD_TOKEN: is missing. Example: ")


async def test_one_failure_keeps_no_other_check_from_running(stage: Stage) -> None:
    with refusing_url() as nowhere:
        report = await look(
            stage, DISCORD_TOKEN=WRONG_TOKEN, GATEWAYS="myrouter,highway", MYROUTER_API_KEY=WRONG_KEY,
            HIGHWAY_URL=nowhere,
        )  # fmt: skip

    assert report.status == 1
    assert report.failed == ["Discord", "myrouter", "highway"]
    assert report.of("Discord")[0].startswith("Discord does not accept DISCORD_TOKEN: copy the bot's token")
    assert report.of("myrouter") == [
        f"{stage.gateway.url} refuses the key (HTTP 403 INVALID_API_KEY). Put another one into MYROUTER_API_KEY."
    ]
    assert "(ClientConnectorError). Is HIGHWAY_URL right, and the service up?" in report.of("highway")[0]
    assert "failed: 3," in report.told


async def test_a_discord_that_cannot_be_reached_fails(stage: Stage) -> None:
    with refusing_url() as nowhere:
        report = await look(stage, DISCORD_API_URL=f"{nowhere}/api/v10")

    assert (report.status, report.failed) == (1, ["Discord"])
    assert report.of("Discord")[0].startswith("DISCORD_API_URL can't be reached. Look at the network")


async def test_a_gateway_of_discord_that_takes_no_connection_fails(stage: Stage) -> None:
    stage.discord.gateway.refusing = True

    report = await look(stage)

    assert report.failed == ["Discord"]
    assert report.of("Discord")[0].startswith("Discord's gateway (127.0.0.1) can't be reached")


async def test_a_server_for_commands_that_the_bot_is_not_in_fails(stage: Stage) -> None:
    report = await look(stage, DISCORD_GUILD_ID="123456789012345678")

    assert report.of("Discord", "FAIL") == [
        "DISCORD_GUILD_ID: the bot is not in that server. Invite it there, or leave the setting out."
    ]


async def test_what_discord_knows_and_the_operator_should_is_a_hint(stage: Stage) -> None:
    application = stage.discord.world.application
    application.flags, application.installs = MESSAGE_CONTENT, (0,)
    stage.discord.gateway.identified = 995

    report = await look(stage, ALLOW_USER_INSTALL="true")

    commands, intents, installs, sessions = report.of("Discord", "hint")
    assert report.status == 0
    assert commands == "no commands are registered yet; run does that, or python -m bot sync."
    assert intents.startswith("privileged intents are on (Message Content). The bot needs none")
    assert installs.startswith("ALLOW_USER_INSTALL is on: tick User Install")
    assert sessions.startswith("Discord allows only 5 connections more today")


@pytest.mark.parametrize(
    ("kind", "standing", "begin"),
    [
        (FaultKind.RATE_LIMIT_EXCEEDED, "hint", "answers that it was asked too often (HTTP 429"),
        (FaultKind.INVALID_REQUEST_BODY, "hint", "answers, but not as documented (HTTP 400 INVALID_REQUEST_BODY)"),
        (FaultKind.INTERNAL_SERVER_ERROR, "FAIL", "gives no usable answer (HTTP 500"),
        (FaultKind.OK_HTML, "FAIL", "gives no usable answer (HTTP 200)"),
    ],
)
async def test_other_answers_of_a_gateway_are_told_as_they_are(
    stage: Stage, kind: FaultKind, standing: str, begin: str
) -> None:
    stage.gateway.fault("poll", kind)

    report = await look(stage)

    assert report.of("myrouter", standing)[0].startswith(f"{stage.gateway.url} {begin}")
    assert report.status == (1 if standing == "FAIL" else 0)


async def test_an_endpoint_that_is_not_in_the_public_list_is_a_hint(stage: Stage) -> None:
    stage.gateway.books.unlisted.add("sora-2-remix-reverse")

    report = await look(stage)

    (text,) = report.of("myrouter", "hint")
    assert report.status == 0
    assert text.startswith("not in its public list: sora-2-remix-reverse. They may work all the same")


async def test_each_fault_of_the_models_file_fails_by_name(stage: Stage) -> None:
    path = stage.folder / "own.toml"
    path.write_text('[[models]]\nid = "mine"\ntitle = "Mine"\nprice = 3\n')

    report = await look(stage, MODELS_FILE=str(path))

    faults = report.of("models")
    assert (report.status, set(report.failed)) == (1, {"models"})
    assert len(faults) > 3
    assert all(fault.startswith("own.toml: model mine: ") for fault in faults)
    assert report.of("myrouter") == [f"{stage.gateway.url} takes the key"]


async def test_each_estimate_and_each_model_without_a_price_is_a_line(stage: Stage) -> None:
    report = await look(stage, MODELS_FILE=str(NINTH))

    hints = report.of("models", "hint")
    assert report.status == 0
    assert "Sora 2 (sora-2), estimated: 15 s $0.225, remix of 15 s $0.225" in hints
    assert "Ninth (ninth), estimated: 1080p: 8 s $0.80; × 1.5 with sound" in hints
    assert "Ninth (ninth), no price: 720p: 8 s" in hints
    assert any(text.startswith("models without some price: 1. What has none can't be ordered until") for text in hints)


async def test_each_endpoint_that_a_gateway_does_not_know_is_a_line_with_its_time_also_while_the_bot_runs(
    stage: Stage,
) -> None:
    await stage.open()
    with closing(sqlite3.connect(stage.folder / "clapboard.db")) as connection, connection:
        gone = [("myrouter", "wan2.6-t2v"), ("myrouter", "of-no-model"), ("highway", "wan2.6-t2v")]
        rows = [(*each, 1_772_366_400_000) for each in gone]
        connection.executemany("INSERT INTO retirements (gateway, slug, since) VALUES (?, ?, ?)", rows)

    report = await look(stage)

    hints = report.of("models", "hint")
    assert report.status == 0
    assert any(text.startswith("endpoints that a gateway said it does not know: 2. They get no") for text in hints)
    assert hints[-2:] == [
        "of-no-model, not at myrouter since 2026-03-01 12:00 UTC: of-no-model",
        "Wan 2.6, not at myrouter since 2026-03-01 12:00 UTC: wan2.6-t2v",
    ]


async def test_a_price_that_is_assumed_is_told(stage: Stage) -> None:
    report = await look(stage, MODELS_FILE=str(NINTH), ASSUMED_PRICE_USD="0.5")

    assert any("reserves $0.50 (ASSUMED_PRICE_USD)" in text for text in report.of("models", "hint"))


async def test_a_database_that_is_not_there_is_a_hint_and_is_not_made(stage: Stage) -> None:
    folder = stage.folder / "elsewhere"

    report = await look(stage, DATABASE_URL=f"sqlite:///{folder}/new.db", DATA_DIR=str(folder))

    assert report.status == 0
    assert report.of("database", "hint") == [f"{folder}/new.db does not exist yet; run makes it."]
    assert report.of("data folder", "hint") == [f"DATA_DIR: {folder} does not exist yet; run makes it."]
    assert not folder.exists()


@pytest.mark.parametrize(
    ("version", "standing", "told"),
    [
        ("9999", "FAIL", "was written by a newer Clapboard."),
        ("0001", "hint", f"version 0001: run brings it up to {HEAD}."),
    ],
)
async def test_a_database_of_another_version_is_told(stage: Stage, version: str, standing: str, told: str) -> None:
    with closing(sqlite3.connect(stage.folder / "clapboard.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (version,))

    report = await look(stage)

    (text,) = report.of("database", standing)
    assert told in text


async def test_a_database_that_is_damaged_fails(stage: Stage) -> None:
    path = stage.folder / "clapboard.db"
    content = bytearray(path.read_bytes())
    content[4096:40960] = b"\xff" * 36864
    path.write_bytes(content)

    report = await look(stage)

    (text,) = report.of("database", "FAIL")
    assert text.startswith(f"{path} is damaged (")
    assert text.endswith("Stop the bot and go back to a backup.")


async def test_what_is_no_database_and_no_folder_fails(stage: Stage) -> None:
    path = stage.folder / "a_file"
    path.write_text("a shopping list")

    report = await look(stage, DATABASE_URL=f"sqlite:///{path}", DATA_DIR=str(path))

    assert report.failed == ["database", "data folder"]
    assert report.of("database") == [f"{path} is not a SQLite database."]
    assert report.of("data folder") == [
        f"DATA_DIR: {path} can't be written to: Not a directory. Let the bot's user write there."
    ]
    assert path.read_text() == "a shopping list"


async def test_another_program_at_the_address_of_the_web_server_fails(stage: Stage) -> None:
    report = await look(stage, HTTP_LISTEN=stage.gateway.url.removeprefix("http://"))

    assert report.failed == ["web server"]
    assert "HTTP_LISTEN: another program answers at " in report.told


async def test_a_public_address_that_does_not_lead_to_the_running_bot_fails(stage: Stage) -> None:
    web = {"HTTP_LISTEN": free_address(), "PUBLIC_URL": stage.highway.url}
    await stage.open(**web)

    report = await look(stage, **web)

    (text,) = report.of("web server", "FAIL")
    assert text.startswith(f"PUBLIC_URL: {stage.highway.url} does not lead to the bot: look at the proxy.")


async def test_a_public_address_is_a_hint_while_the_bot_does_not_run(stage: Stage) -> None:
    with refusing_url() as nowhere:
        elsewhere = await look(stage, HTTP_LISTEN=free_address(), PUBLIC_URL=stage.highway.url)
        unreachable = await look(stage, HTTP_LISTEN=free_address(), PUBLIC_URL=nowhere)

    assert (elsewhere.status, unreachable.status) == (0, 0)
    assert "can only be tried while the bot runs" in elsewhere.of("web server", "hint")[0]
    assert "Try it from elsewhere" in unreachable.of("web server", "hint")[0]


@pytest.mark.parametrize("columns", [80, 130])
async def test_no_line_is_wider_than_the_terminal(stage: Stage, columns: int) -> None:
    report = await look(stage, MODELS_FILE=str(NINTH), COLUMNS=str(columns))

    # A path or an address is never broken, so that it can be copied.
    lines = [line for line in report.told.splitlines() if str(stage.folder) not in line]
    assert len(lines) > 15
    assert max(map(len, lines)) <= columns
