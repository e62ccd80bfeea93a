"""People's own choices, and what they have asked to be erased."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.domain.preferences import Preferences
from bot.store.database import Transaction
from bot.store.tables import people

_PREFERENCES = TypeAdapter(Preferences)


async def preferences(tx: Transaction, user_id: int) -> Preferences:
    """What somebody has chosen; the defaults for whoever has chosen nothing."""
    text = (await tx.execute(select(people.c.preferences).where(people.c.id == user_id))).scalar_one_or_none()
    return Preferences() if text is None else _PREFERENCES.validate_json(text)


async def save_preferences(tx: Transaction, user_id: int, chosen: Preferences) -> None:
    """Write somebody's choices."""
    text = _PREFERENCES.dump_json(chosen).decode()
    row = upsert(people).values(id=user_id, preferences=text)
    await tx.execute(row.on_conflict_do_update(index_elements=["id"], set_={"preferences": text}))


async def erase_before(tx: Transaction, user_id: int, moment: datetime) -> None:
    """Forget somebody's choices, and remember that everything of theirs up to a moment has to go."""
    row = upsert(people).values(id=user_id, erase_before=moment)
    changes = {"preferences": "{}", "erase_before": moment}
    await tx.execute(row.on_conflict_do_update(index_elements=["id"], set_=changes))


async def is_erased(tx: Transaction, user_id: int, made_at: datetime) -> bool:
    """Whether somebody has asked that what they made at a moment be erased."""
    query = select(people.c.id).where(people.c.id == user_id, people.c.erase_before >= made_at)
    return (await tx.execute(query)).first() is not None


async def erasures(tx: Transaction) -> Sequence[tuple[int, datetime]]:
    """Whose things have to go, and up to which moment."""
    query = select(people.c.id, people.c.erase_before).where(people.c.erase_before.is_not(None))
    return [(row.id, row.erase_before) for row in await tx.execute(query)]
