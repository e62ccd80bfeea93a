"""What the operator has to know of a gateway: a refused key, an empty account, a retired model; told once each."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.notice import NoticeKind
from bot.domain.retirement import Retirement
from bot.gateway.client import GatewayClient
from bot.store import jobs, notices, retirements
from bot.store.database import Transaction


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong; `once` is its name, under which it is told only once.

    A retired model has none: it is told when it is written down, with the endpoint (`slug`).
    """

    kind: NoticeKind
    gateway: str
    once: str | None = None
    model: str = ""
    slug: str = ""


def bad_key(gateway: GatewayClient, now: datetime) -> Complaint:
    """The gateway refuses its key: told again for another key, or on another day."""
    once = f"bad_key:{gateway.name}:{gateway.key_mark}:{now.date()}"
    return Complaint(NoticeKind.BAD_KEY, gateway.name, once)


def no_credit(gateway: GatewayClient) -> Complaint:
    """The account is empty: told again when the gateway has taken an order in between."""
    return Complaint(NoticeKind.NO_CREDIT, gateway.name, f"no_credit:{gateway.name}")


def retired(gateway: GatewayClient, slug: str, title: str) -> Complaint:
    """The gateway does not know the endpoint of a model any more: told again once an operator has had it ordered."""
    return Complaint(NoticeKind.MODEL_RETIRED, gateway.name, model=title, slug=slug)


async def note(tx: Transaction, complaint: Complaint | None, now: datetime) -> None:
    """Note a complaint for the operator, where there is one, and write down what is retired."""
    if complaint is None:
        return
    once = complaint.once
    about = {"gateway": complaint.gateway, "model": complaint.model}
    if complaint.kind is NoticeKind.NO_CREDIT:
        last = await jobs.last_ordered(tx, complaint.gateway)
        once = f"{once}:{'' if last is None else last.isoformat()}"
    elif complaint.kind is NoticeKind.MODEL_RETIRED:
        if not await retirements.add(tx, Retirement(complaint.gateway, complaint.slug, now)):
            return
        about["slug"] = complaint.slug
    await notices.put(tx, 0, complaint.kind, about, now, once=once)
