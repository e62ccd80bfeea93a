"""Settings: every fault at once, no secret in any of them, and `.env.example` tells the truth."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from bot.settings import (
    Fault,
    GatewayName,
    Listen,
    LogFormat,
    LogLevel,
    Reencode,
    Settings,
    SettingsError,
    near_misses,
)

ROOT = Path(__file__).parents[2]
TOKEN = "token-of-the-bot-0123456789"
KEY = "key-of-myrouter-0123456789"
NEEDED = {"DISCORD_TOKEN": TOKEN, "MYROUTER_API_KEY": KEY}
MARKER = "mark\tthis/secret?value#9 of 7"


def faults(environ: dict[str, str], cwd: Path) -> list[Fault]:
    with pytest.raises(SettingsError) as caught:
        Settings.load(environ, cwd)
    assert str(caught.value).splitlines() == [str(fault) for fault in caught.value.faults]
    return caught.value.faults


def example_lines() -> dict[str, str]:
    text = (ROOT / ".env.example").read_text("utf-8")
    lines = re.findall(r"^(?:# )?([A-Z_]+)=(.*)$", text, re.MULTILINE)
    assert len(lines) == len(dict(lines))
    return dict(lines)


def test_the_defaults_are_those_that_are_promised(tmp_path: Path) -> None:
    settings = Settings.load(NEEDED, tmp_path)

    assert settings.discord_api_url == "https://discord.com/api/v10"
    assert settings.gateways == (GatewayName.MYROUTER,)
    assert settings.gateway_url(GatewayName.HIGHWAY) == "https://api.highwayapi.ai"
    assert settings.database_path == Path("data/clapboard.db")
    assert settings.guild_budget_usd_per_month == Decimal(20)
    assert settings.default_roles == frozenset()
    assert settings.http_listen == Listen("127.0.0.1", 8080)
    assert (settings.charge_failed, settings.charge_unsure, settings.retry_busy) == (False, True, False)
    assert isinstance(settings.poll_interval_seconds, float)
    assert (settings.log_format, settings.log_level) == (LogFormat.TEXT, LogLevel.INFO)


def test_text_becomes_typed_values(tmp_path: Path) -> None:
    (tmp_path / "models.toml").touch()

    settings = Settings.load(
        {
            "DISCORD_TOKEN": TOKEN,
            "DISCORD_API_URL": "http://127.0.0.1:8000/api/v10/",
            "DISCORD_GUILD_ID": " 1130000000000000001 ",
            "GATEWAYS": "Highway, myrouter",
            "MYROUTER_API_KEY": KEY,
            "HIGHWAY_API_KEY": "key-of-highway",
            "DATABASE_URL": "sqlite:////var/lib/clapboard.db",
            "MODELS_FILE": "models.toml",
            "OPERATOR_IDS": "1,2, 3,",
            "ALLOW_DMS": "yes",
            "ASSUMED_PRICE_USD": "0.4165",
            "POLL_INTERVAL_SECONDS": "0.25",
            "REENCODE": "OFF",
            "HTTP_LISTEN": "[::1]:0",
            "PUBLIC_URL": "https://videos.example.org/",
            "PRIVACY_URL": "https://example.org/?page=privacy",
            "LOG_LEVEL": "debug",
            "SHARD_COUNT": "4",
            "SHARD_IDS": "3,1,1",
        },
        tmp_path,
    )

    assert settings.discord_api_url == "http://127.0.0.1:8000/api/v10"
    assert settings.discord_guild_id == 1130000000000000001
    assert settings.gateways == (GatewayName.HIGHWAY, GatewayName.MYROUTER)
    assert settings.database_path == Path("/var/lib/clapboard.db")
    assert settings.operator_ids == frozenset({1, 2, 3})
    assert settings.allow_dms is True
    assert settings.assumed_price_usd == Decimal("0.4165")
    assert settings.poll_interval_seconds == 0.25
    assert settings.reencode is Reencode.OFF
    assert settings.http_listen == Listen("::1", 0)
    assert settings.public_url == "https://videos.example.org"
    assert settings.privacy_url == "https://example.org/?page=privacy"
    assert settings.log_level is LogLevel.DEBUG
    assert settings.shard_ids == (1, 3)
    assert settings.secrets == (TOKEN, KEY, "key-of-highway")


def test_the_web_server_can_be_switched_off(tmp_path: Path) -> None:
    assert Settings.load({**NEEDED, "HTTP_LISTEN": "Off"}, tmp_path).http_listen is None


def test_nothing_set_names_all_that_is_missing(tmp_path: Path) -> None:
    assert [(fault.setting, fault.problem) for fault in faults({}, tmp_path)] == [
        ("DISCORD_TOKEN", "is missing"),
        ("MYROUTER_API_KEY", "is missing, but GATEWAYS names myrouter"),
    ]


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    told = faults(
        {
            "GATEWAYS": "highway",
            "OPERATOR_IDS": "somebody",
            "MAX_RENDERING": "many",
            "PUBLIC_URL": "https://videos.example.org",
            "HTTP_LISTEN": "off",
            "SHARD_IDS": "0",
            "MODELS_FILE": "missing.toml",
            "SECRETS_DIR": "nowhere",
        },
        tmp_path,
    )

    assert {fault.setting for fault in told} == {
        "DISCORD_TOKEN",
        "HIGHWAY_API_KEY",
        "OPERATOR_IDS",
        "MAX_RENDERING",
        "PUBLIC_URL",
        "SHARD_IDS",
        "MODELS_FILE",
        "SECRETS_DIR",
    }


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("GATEWAYS", "myrouter,other", "between them: highway, myrouter"),
        ("GATEWAYS", "highway,myruter", "highway, myrouter (is myrouter meant?)"),
        ("GATEWAYS", "myrouter,myrouter", "twice"),
        ("GATEWAYS", ",", "list of gateways"),
        ("OPERATOR_IDS", "me", "has to be a list of Discord ids, which are whole numbers"),
        ("DISCORD_API_URL", "discord.com/api", "begins with https://"),
        ("DISCORD_API_URL", "https://", "begins with https://"),
        ("DISCORD_API_URL", "https://[half", "begins with https://"),
        ("DISCORD_API_URL", "https://host:99999", "begins with https://"),
        ("MYROUTER_URL", "https://me:word@host", "user name or password"),
        ("MYROUTER_URL", "https://host/?a=b", "? or #"),
        ("TERMS_URL", "ftp://host", "begins with https://"),
        ("DATABASE_URL", "postgresql://me:word@host/db", "this version supports SQLite only"),
        ("DATABASE_URL", "mysql://host/db", "sqlite:///"),
        ("DATABASE_URL", "sqlite:///:memory:", "path of a file"),
        ("DATABASE_URL", "sqlite:///", "path of a file"),
        ("DISCORD_GUILD_ID", "0", "whole number"),
        ("DISCORD_GUILD_ID", "9" * 30, "whole number"),
        ("ALLOWED_GUILDS", "12,x", "commas"),
        ("SHARD_IDS", "0-3", "shard numbers"),
        ("HTTP_LISTEN", "8080", "address and a port"),
        ("HTTP_LISTEN", "localhost:70000", "address and a port"),
        ("BUDGET_USD_PER_DAY", "-1", "0 or more"),
        ("BUDGET_USD_PER_DAY", "ten", "a number"),
        ("BUDGET_USD_PER_DAY", "Infinity", "a number"),
        ("POLL_INTERVAL_SECONDS", "0", "more than 0"),
        ("POLL_INTERVAL_SECONDS", "1e99", "or less"),
        ("JOB_DEADLINE_MINUTES", "nan", "a number"),
        ("MAX_RENDERING", "2.5", "whole number"),
        ("CHARGE_FAILED", "perhaps", "true or false"),
        ("LOG_FORMAT", "xml", "has to be text or json"),
        ("REENCODE", "sometimes", "has to be off, auto or on"),
        ("DISCORD_TOKEN", "two words of a token", "space"),
        ("DISCORD_TOKEN", "short", "too short"),
        ("SECRETS_DIR", "nowhere", "not a directory"),
    ],
)
def test_a_malformed_value_is_named_with_what_is_wrong(name: str, text: str, problem: str, tmp_path: Path) -> None:
    told = faults({**NEEDED, name: text}, tmp_path)

    assert [fault.setting for fault in told] == [name]
    assert problem in told[0].problem
    assert ".0" not in told[0].problem
    assert told[0].example.startswith(f"{name}=")


@pytest.mark.parametrize("name", [name.upper() for name in Settings.model_fields])
def test_no_value_is_ever_repeated_in_a_fault(name: str, tmp_path: Path) -> None:
    environ = {name: MARKER, "DISCORD_TOKEN": "a " + TOKEN, "MYROUTER_API_KEY": "a " + KEY}

    told = "\n".join(str(fault) for fault in faults(environ, tmp_path))

    assert "secret?value" not in told
    assert TOKEN not in told
    assert KEY not in told


def test_a_fault_leaves_no_trace_of_the_value_in_its_chain(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.load({"DISCORD_TOKEN": MARKER}, tmp_path)

    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_a_malformed_key_is_not_also_called_missing(tmp_path: Path) -> None:
    told = faults({"DISCORD_TOKEN": TOKEN, "MYROUTER_API_KEY": "short"}, tmp_path)

    assert [(fault.setting, "missing" in fault.problem) for fault in told] == [("MYROUTER_API_KEY", False)]


def test_secrets_are_masked_when_settings_are_shown(tmp_path: Path) -> None:
    settings = Settings.load(NEEDED, tmp_path)

    for shown in (repr(settings), str(settings), settings.model_dump_json(), f"{settings.model_dump()}"):
        assert TOKEN not in shown
        assert KEY not in shown


def test_settings_can_not_be_changed(tmp_path: Path) -> None:
    settings = Settings.load(NEEDED, tmp_path)

    with pytest.raises(ValueError, match="frozen"):
        settings.max_rendering = 3  # type: ignore[misc]


def test_a_shard_outside_the_count_is_a_fault(tmp_path: Path) -> None:
    told = faults({**NEEDED, "SHARD_COUNT": "2", "SHARD_IDS": "1,2"}, tmp_path)

    assert "SHARD_COUNT does not have" in told[0].problem


def test_every_example_in_a_fault_would_be_accepted(tmp_path: Path) -> None:
    (tmp_path / "models.toml").touch()
    examples = {name: str(field.examples and field.examples[0]) for name, field in Settings.model_fields.items()}
    secrets_dir = tmp_path / "secrets"
    secrets_dir.mkdir()

    settings = Settings.load({**examples, "SECRETS_DIR": str(secrets_dir)}, tmp_path)

    assert settings.shard_count == 4


def test_the_environment_wins_over_the_file_and_the_file_over_the_secrets(tmp_path: Path) -> None:
    secrets = tmp_path / "kept"
    secrets.mkdir()
    (secrets / "DISCORD_TOKEN").write_text("token-from-the-secrets\n")
    (secrets / "myrouter_api_key").write_text(f"{KEY}\n")
    (secrets / "retention_days").write_text("1")
    (secrets / "log_level").write_text("\n")
    (tmp_path / ".env").write_text(
        "SECRETS_DIR=kept\nRETENTION_DAYS=2\nmax_rendering=2\nDISCORD_TOKEN=\nLOG_FORMAT\nOTHER=1\n"
    )

    settings = Settings.load({"MAX_RENDERING": "3", "max_rendering": "4", "RETENTION_DAYS": " "}, tmp_path)

    assert settings.discord_token.get_secret_value() == "token-from-the-secrets"
    assert settings.gateway_key(GatewayName.MYROUTER) is not None
    assert settings.secrets == ("token-from-the-secrets", KEY)
    assert settings.retention_days == 2
    assert settings.max_rendering == 3
    assert settings.log_format is LogFormat.TEXT


def test_an_unreadable_file_is_a_fault_and_nothing_in_it_is_called_missing(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"DISCORD_TOKEN=\xff\xfe")

    told = faults({}, tmp_path)

    assert [str(fault) for fault in told] == [".env: can't be read as UTF-8 text. Example: LOG_LEVEL=INFO"]


@pytest.mark.parametrize("line", ["LOG_LEVEL INFO", 'MYROUTER_API_KEY="secret?value', "SHARD_COUNT='4' of 5", "=4"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_malformed_line_of_the_file_is_named_by_its_number(line: str, end: str, tmp_path: Path) -> None:
    lines = ["# a comment", "", "", line, "MAX_RENDERING=many", ""]
    (tmp_path / ".env").write_bytes(end.join(lines).encode())

    told = faults({}, tmp_path)

    assert [(fault.setting, fault.problem) for fault in told] == [
        (".env line 4", "expected NAME=value"),
        ("MAX_RENDERING", "has to be a whole number"),
    ]
    assert "secret?value" not in str(told)


def test_an_unreadable_secret_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "DISCORD_TOKEN").write_bytes(b"\xff\xfe")

    told = faults({**NEEDED, "SECRETS_DIR": str(tmp_path)}, tmp_path)

    assert [fault.setting for fault in told] == ["SECRETS_DIR"]


def test_a_directory_in_the_place_of_a_secret_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "DISCORD_TOKEN").mkdir()

    told = faults({**NEEDED, "SECRETS_DIR": str(tmp_path)}, tmp_path)

    assert [fault.setting for fault in told] == ["SECRETS_DIR"]
    assert "DISCORD_TOKEN" in told[0].problem


def test_a_misspelt_name_is_noticed_and_others_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("DISCORD_TOKN=x\nPOSTGRES_USER=y\nLOG_LEVEL=INFO\n")

    told = near_misses(tmp_path)

    assert told == [".env: DISCORD_TOKN is not a setting. Is DISCORD_TOKEN meant?"]


def test_the_example_file_has_every_setting_and_no_other() -> None:
    assert set(example_lines()) == {name.upper() for name in Settings.model_fields}


def test_the_example_file_shows_every_default(tmp_path: Path) -> None:
    set_there = {name: text for name, text in example_lines().items() if text and name != "SECRETS_DIR"}

    settings = Settings.load(NEEDED | set_there, tmp_path)

    for name, field in Settings.model_fields.items():
        if name in {"discord_token", "myrouter_api_key"}:
            continue
        shown = example_lines()[name.upper()]
        assert bool(shown) == (field.default not in (None, frozenset(), ())), name
        assert getattr(settings, name) == field.default, name
    assert example_lines()["SECRETS_DIR"] == str(settings.secrets_dir)


def test_the_example_file_leaves_open_only_what_has_to_be_filled_in() -> None:
    text = (ROOT / ".env.example").read_text("utf-8")

    assert re.findall(r"^[A-Z_]+=.*$", text, re.MULTILINE) == ["DISCORD_TOKEN=", "MYROUTER_API_KEY="]
