"""People who ask for something."""

from bot.policy.asker import Asker
from tests.bot.store.records import ALICE, CHANNEL, GUILD

ROLE = 1140000000000000001
OTHER_ROLE = 1140000000000000002
MOD_ROLE = 1140000000000000003


def asker(**changes: object) -> Asker:
    """Alice in the usual channel, without any role."""
    values: dict[str, object] = {"user_id": ALICE, "guild_id": GUILD, "channel_id": CHANNEL, "locale": "en-US"}
    return Asker(**(values | changes))  # type: ignore[arg-type]
