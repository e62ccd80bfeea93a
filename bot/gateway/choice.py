"""Which gateways an order may go to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.clock import Clock, utc_now
from bot.domain.failure import FailureKind
from bot.gateway.client import GatewayClient
from bot.gateway.health import Requests


@dataclass(frozen=True, slots=True)
class Condition:
    """What is known of one gateway; `paused_until`: its account is empty, and it gets no orders until then.

    `retired`: the endpoints that it does not know any more.
    """

    name: str
    requests: Requests
    refuses_key: bool = False
    paused_until: datetime | None = None
    retired: frozenset[str] = frozenset()


class Gateways:
    """The gateways in order of preference, and what is known against each.

    What is retired outlives the process in the database; the rest is found out anew.
    """

    def __init__(self, clients: Iterable[GatewayClient], clock: Clock = utc_now) -> None:
        self._clients = {client.name: client for client in clients}
        self._clock = clock
        self._bad_keys: set[str] = set()
        self._doubted: set[str] = set()
        self._empty: set[str] = set()
        self._paused_until: dict[str, datetime] = {}
        self._retired: set[tuple[str, str]] = set()

    @property
    def all(self) -> tuple[GatewayClient, ...]:
        """Every gateway, usable or not."""
        return tuple(self._clients.values())

    def get(self, name: str) -> GatewayClient | None:
        """A gateway by name; None when a job's gateway is not configured any more."""
        return self._clients.get(name)

    def for_order(self, slug: str) -> list[GatewayClient]:
        """The gateways that an order for this endpoint may go to, the preferred one first."""
        return [client for client in self.all if self.obstacle(client.name, slug) is None]

    def sells(self, slug: str) -> bool:
        """Whether any gateway takes orders for this endpoint, now or once its account has credit again."""
        return any(self.obstacle(client.name, slug) in {None, FailureKind.NO_CREDIT} for client in self.all)

    def has_retired(self, slug: str) -> bool:
        """Whether a gateway has said that it does not know this endpoint any more."""
        return any(retired == slug and name in self._clients for name, retired in self._retired)

    def obstacle(self, name: str, slug: str) -> FailureKind | None:
        """Why an order for this endpoint can't go to a gateway now; None if it can."""
        if name not in self._clients or name in self._bad_keys:
            return FailureKind.BAD_KEY
        if (name, slug) in self._retired:
            return FailureKind.MODEL_RETIRED
        until = self._paused_until.get(name)
        return FailureKind.NO_CREDIT if until is not None and self._clock() < until else None

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """What is known of every gateway now."""
        return tuple(self._condition(client) for client in self.all)

    def _condition(self, client: GatewayClient) -> Condition:
        until = self._paused_until.get(client.name)
        return Condition(
            client.name,
            client.health.lately,
            client.name in self._bad_keys,
            until if until is not None and self._clock() < until else None,
            frozenset(slug for name, slug in self._retired if name == client.name),
        )

    def mark_bad_key(self, name: str) -> bool:
        """The gateway refused its key: it gets no orders until the process is started with another.

        True the first time.
        """
        is_new = name not in self._bad_keys
        self._bad_keys.add(name)
        return is_new

    def mark_retired(self, name: str, slug: str) -> bool:
        """The gateway does not know this endpoint any more. True the first time."""
        is_new = (name, slug) not in self._retired
        self._retired.add((name, slug))
        return is_new

    def mark_offered(self, name: str, slug: str) -> None:
        """The gateway gets orders for this endpoint again, whatever it has said of it."""
        self._retired.discard((name, slug))

    def doubt_credit(self, name: str, until: datetime) -> bool:
        """The gateway said that the account is empty, which it also says of a rate limit.

        The first time True, and orders pause until then: the same order is tried once more. False when it
        said so the last time too: then it is true, and `mark_out_of_credit` follows.
        """
        if name in self._doubted:
            return False
        self._doubted.add(name)
        self._paused_until[name] = until
        return True

    def mark_out_of_credit(self, name: str, until: datetime) -> bool:
        """The account is empty: no orders until then, when it is tried again. True the first time since an order."""
        is_new = name not in self._empty
        self._empty.add(name)
        self._doubted.add(name)
        self._paused_until[name] = until
        return is_new

    def mark_accepted(self, name: str) -> None:
        """The gateway took an order: whatever it said of credit is over."""
        self._doubted.discard(name)
        self._empty.discard(name)
        self._paused_until.pop(name, None)
