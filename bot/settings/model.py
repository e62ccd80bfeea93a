"""Every setting with its type and default; what each means is written in `.env.example`."""

import difflib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot.settings import values as v
from bot.settings.faults import MISSING, Fault, SettingsError, problems
from bot.settings.sources import FILE, from_file, gather

NEAR = 0.8
"""How alike two names have to be, of 1, for one to be taken for the other misspelt."""


class Settings(BaseSettings):
    """The settings of one process. Paths are relative to the working directory, budgets in dollars."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        enable_decoding=False,
        env_ignore_empty=True,
        hide_input_in_errors=True,
    )

    discord_token: v.Secret = Field(examples=["the-token-from-the-developer-portal"])
    discord_api_url: v.BaseAddress = Field("https://discord.com/api/v10", examples=["https://discord.com/api/v10"])
    discord_guild_id: v.Snowflake | None = Field(None, examples=["1130000000000000001"])
    gateways: v.Gateways = Field((v.GatewayName.MYROUTER,), examples=["myrouter,highway"])
    myrouter_api_key: v.Secret | None = Field(None, examples=["the-key-from-myrouter"])
    myrouter_url: v.BaseAddress = Field("https://api.myrouter.ai", examples=["https://api.myrouter.ai"])
    highway_api_key: v.Secret | None = Field(None, examples=["the-key-from-highway"])
    highway_url: v.BaseAddress = Field("https://api.highwayapi.ai", examples=["https://api.highwayapi.ai"])
    database_url: v.DatabaseAddress = Field("sqlite:///data/clapboard.db", examples=["sqlite:///data/clapboard.db"])
    data_dir: Path = Field(Path("data"), examples=["data"])
    data_max_gb: Decimal = Field(Decimal(2), ge=0, le=1_000_000, examples=["2"])
    models_file: Path | None = Field(None, examples=["models.toml"])
    operator_ids: v.Snowflakes = Field(frozenset(), examples=["1120000000000000001,1120000000000000002"])
    allowed_guilds: v.Snowflakes = Field(frozenset(), examples=["1130000000000000001,1130000000000000002"])
    allow_dms: bool = Field(False, examples=["false"])
    allow_user_install: bool = Field(False, examples=["false"])
    default_roles: v.Snowflakes = Field(frozenset(), examples=["1140000000000000001,1140000000000000002"])
    guild_budget_usd_per_month: Decimal = Field(Decimal(20), ge=0, le=1_000_000, examples=["20"])
    budget_usd_per_day: Decimal = Field(Decimal(10), ge=0, le=1_000_000, examples=["10"])
    assumed_price_usd: Decimal | None = Field(None, gt=0, le=1_000_000, examples=["0.50"])
    charge_failed: bool = Field(False, examples=["false"])
    charge_unsure: bool = Field(True, examples=["true"])
    retry_busy: bool = Field(False, examples=["false"])
    poll_interval_seconds: v.Positive = Field(5, examples=["5"])
    job_deadline_minutes: v.Positive = Field(60, examples=["60"])
    max_rendering: v.Count = Field(20, examples=["20"])
    gateway_requests_per_minute: v.Positive = Field(120, examples=["120"])
    reencode: v.LowerReencode = Field(v.Reencode.AUTO, examples=["auto"])
    http_listen: v.ListenAddress = Field(v.Listen("127.0.0.1", 8080), examples=["127.0.0.1:8080"])
    public_url: v.BaseAddress | None = Field(None, examples=["https://videos.example.org"])
    privacy_url: v.PageAddress | None = Field(None, examples=["https://example.org/privacy"])
    terms_url: v.PageAddress | None = Field(None, examples=["https://example.org/terms"])
    support_url: v.PageAddress | None = Field(None, examples=["https://example.org/support"])
    retention_days: v.Count = Field(90, examples=["90"])
    log_format: v.LowerLogFormat = Field(v.LogFormat.TEXT, examples=["json"])
    log_level: v.UpperLogLevel = Field(v.LogLevel.INFO, examples=["INFO"])
    shard_count: v.Count | None = Field(None, examples=["4"])
    shard_ids: v.Shards = Field((), examples=["0,1"])
    secrets_dir: Path = Field(Path("/run/secrets"), examples=["/run/secrets"])

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what `load` has gathered, so that every fault can be told at once."""
        return (init_settings,)

    @classmethod
    def load(cls, environ: Mapping[str, str], cwd: Path, only: frozenset[str] | None = None) -> Self:
        """Read the settings or raise `SettingsError` with every fault there is.

        `only`: the fields that count. Faults of others are not told, and what they hold then means nothing.
        """
        found, faults = gather(cls, environ, cwd)
        wrong: dict[str, str] = {}
        try:
            settings = cls.model_validate(found)
        except ValidationError as error:
            wrong = problems(error)
            # With examples in the place of what is wrong, the rules between settings can be checked too.
            settings = cls.model_validate(found | {name: _example(name) for name in wrong})
        conflicts = [
            (name, problem)
            for name, because_of, problem in settings._conflicts(cwd)
            if not wrong.keys() & {name, because_of}
        ]
        # What seems to be missing may stand in the part of the file that could not be read.
        unread = any(fault.setting.startswith(FILE) for fault in faults)
        faults += [
            _fault(name, problem)
            for name, problem in (*wrong.items(), *conflicts)
            if not (unread and problem.startswith(MISSING))
        ]
        if only is not None:
            others = {name.upper() for name in cls.model_fields.keys() - only - {"secrets_dir"}}
            faults = [fault for fault in faults if fault.setting not in others]
        if faults:
            raise SettingsError(faults) from None
        return settings

    def _conflicts(self, cwd: Path) -> Iterator[tuple[str, str, str]]:
        """Faults between settings: the field at fault, the one it does not go with, what is wrong."""
        for gateway in self.gateways:
            if self.gateway_key(gateway) is None:
                yield f"{gateway}_api_key", "gateways", f"{MISSING}, but GATEWAYS names {gateway}"
        if self.public_url is not None and self.http_listen is None:
            yield "public_url", "http_listen", "needs the web server, but HTTP_LISTEN is off"
        if self.shard_ids and self.shard_count is None:
            yield "shard_ids", "shard_count", "needs SHARD_COUNT, the number of all shards"
        elif self.shard_ids and self.shard_count is not None and self.shard_ids[-1] >= self.shard_count:
            yield "shard_ids", "shard_count", "names a shard that SHARD_COUNT does not have"
        if self.models_file is not None and not (cwd / self.models_file).is_file():
            yield "models_file", "models_file", "has to be a file that exists"

    def gateway_key(self, gateway: v.GatewayName) -> SecretStr | None:
        """The key of one gateway; set for every gateway in `gateways`."""
        return {
            v.GatewayName.MYROUTER: self.myrouter_api_key,
            v.GatewayName.HIGHWAY: self.highway_api_key,
        }[gateway]

    def gateway_url(self, gateway: v.GatewayName) -> str:
        """The address of one gateway, without a slash at its end."""
        return {
            v.GatewayName.MYROUTER: self.myrouter_url,
            v.GatewayName.HIGHWAY: self.highway_url,
        }[gateway]

    @property
    def database_path(self) -> Path:
        """The file of the SQLite database."""
        return Path(self.database_url.removeprefix("sqlite:///"))

    @property
    def secrets(self) -> tuple[str, ...]:
        """The values that must never be shown."""
        kept = (self.discord_token, self.myrouter_api_key, self.highway_api_key)
        return tuple(secret.get_secret_value() for secret in kept if secret is not None)


def _example(name: str) -> str:
    return str((Settings.model_fields[name].examples or [""])[0])


def _fault(name: str, problem: str) -> Fault:
    return Fault(name.upper(), problem, f"{name.upper()}={_example(name)}")


def near_misses(cwd: Path) -> list[str]:
    """A sentence for each name in `.env` that is no setting but looks like one misspelt."""
    found = []
    for name in from_file(cwd)[0]:
        near = difflib.get_close_matches(name, Settings.model_fields, n=1, cutoff=NEAR)
        if near and name not in Settings.model_fields:
            found.append(f".env: {name.upper()} is not a setting. Is {near[0].upper()} meant?")
    return found
