"""Saved characters and who may use them."""

import unicodedata
from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import RowMapping, and_, delete, exists, func, or_, select, update
from sqlalchemy.dialects.sqlite import insert

from bot.domain.character import Character, Sharing
from bot.store.database import Transaction
from bot.store.tables import character_grants, characters

USER, ROLE = "user", "role"


def folded(name: str) -> str:
    """A name without the differences of case and width, for telling one from another."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


async def add(tx: Transaction, character: Character) -> bool:
    """Write a new character. False: its owner has one of that name."""
    row = insert(characters).values(
        id=character.id,
        owner_id=character.owner_id,
        guild_id=character.guild_id,
        name=character.name,
        folded_name=folded(character.name),
        file=character.file,
        milliseconds=int(character.seconds * 1000),
        sharing=character.sharing,
        confirmed_at=character.confirmed_at,
        created_at=character.created_at,
    )
    added = await tx.execute(row.on_conflict_do_nothing().returning(characters.c.id))
    if added.first() is None:
        return False
    await _grant(tx, character)
    return True


async def share(tx: Transaction, character: Character) -> None:
    """Write who may use a character from now on, and in which server."""
    changes = {"sharing": character.sharing, "guild_id": character.guild_id}
    await tx.execute(update(characters).where(characters.c.id == character.id).values(changes))
    await tx.execute(delete(character_grants).where(character_grants.c.character_id == character.id))
    await _grant(tx, character)


async def remove(tx: Transaction, character_id: str) -> None:
    """Forget a character; its clip is the caller's to delete."""
    await tx.execute(delete(characters).where(characters.c.id == character_id))


async def get(tx: Transaction, character_id: str) -> Character | None:
    """A character by id."""
    row = (await tx.execute(select(characters).where(characters.c.id == character_id))).mappings().first()
    return await _with_grants(tx, row) if row else None


async def owned(tx: Transaction, owner_id: int) -> Sequence[Character]:
    """Somebody's own characters by name."""
    query = select(characters).where(characters.c.owner_id == owner_id).order_by(characters.c.folded_name)
    return [await _with_grants(tx, row) for row in (await tx.execute(query)).mappings().all()]


async def usable(
    tx: Transaction, user_id: int, guild_id: int | None, role_ids: frozenset[int], *, typed: str = "", limit: int = 25
) -> Sequence[Character]:
    """The characters that somebody may use in a server, their own first, whose names contain what was typed."""
    to_user = and_(character_grants.c.kind == USER, character_grants.c.subject_id == user_id)
    to_role = and_(character_grants.c.kind == ROLE, character_grants.c.subject_id.in_(role_ids))
    of_it = character_grants.c.character_id == characters.c.id
    chosen = and_(characters.c.sharing == Sharing.CHOSEN, exists().where(of_it, or_(to_user, to_role)))
    here = and_(characters.c.guild_id == guild_id, or_(characters.c.sharing == Sharing.EVERYONE, chosen))
    may = or_(characters.c.owner_id == user_id, here)
    query = select(characters).where(may, func.instr(characters.c.folded_name, folded(typed)) > 0)
    query = query.order_by(characters.c.owner_id != user_id, characters.c.folded_name).limit(limit)
    return [await _with_grants(tx, row) for row in (await tx.execute(query)).mappings().all()]


async def _grant(tx: Transaction, character: Character) -> None:
    granted = [(USER, id_) for id_ in character.user_ids] + [(ROLE, id_) for id_ in character.role_ids]
    for kind, subject in granted:
        grant = insert(character_grants).values(character_id=character.id, kind=kind, subject_id=subject)
        await tx.execute(grant.on_conflict_do_nothing())


async def _with_grants(tx: Transaction, row: RowMapping) -> Character:
    granted: dict[str, set[int]] = {USER: set(), ROLE: set()}
    if row["sharing"] == Sharing.CHOSEN:
        query = select(character_grants).where(character_grants.c.character_id == row["id"])
        for grant in await tx.execute(query):
            granted[grant.kind].add(grant.subject_id)
    return Character(
        id=row["id"],
        owner_id=row["owner_id"],
        guild_id=row["guild_id"],
        name=row["name"],
        file=row["file"],
        seconds=Decimal(row["milliseconds"]) / 1000,
        confirmed_at=row["confirmed_at"],
        created_at=row["created_at"],
        sharing=Sharing(row["sharing"]),
        user_ids=frozenset(granted[USER]),
        role_ids=frozenset(granted[ROLE]),
    )
