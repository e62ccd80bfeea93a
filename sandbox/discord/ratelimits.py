"""Rate limits per route, told and enforced as Discord does."""

import hashlib
import math
import time
from collections import deque
from dataclasses import dataclass, field

from aiohttp import web

from sandbox.discord.answering import json_response
from sandbox.discord.wire import Payload

_EXEMPT_FROM_GLOBAL = ("/interactions/", "/webhooks/")
_MAJOR = ("channel_id", "guild_id", "webhook_id", "webhook_token")


@dataclass(frozen=True, slots=True)
class Rate:
    """So many requests in so many seconds."""

    limit: int
    seconds: float


@dataclass(slots=True)
class Bucket:
    """The requests that one bucket has let through in the current window."""

    rate: Rate
    taken: deque[float] = field(default_factory=deque)

    def take(self, now: float) -> float:
        """Count a request; how many seconds it is too early, 0 when it may pass."""
        while self.taken and now - self.taken[0] >= self.rate.seconds:
            self.taken.popleft()
        if len(self.taken) >= self.rate.limit:
            return self.reset_after(now)
        self.taken.append(now)
        return 0.0

    def remaining(self) -> int:
        return self.rate.limit - len(self.taken)

    def reset_after(self, now: float) -> float:
        return max(0.0, self.taken[0] + self.rate.seconds - now) if self.taken else 0.0


GENEROUS = Rate(1_000, 1.0)
REALISTIC: dict[tuple[str, str], Rate] = {
    ("POST", "/channels/{channel_id}/messages"): Rate(5, 5.0),
    ("PATCH", "/channels/{channel_id}/messages/{message_id}"): Rate(5, 5.0),
    ("POST", "/channels/{channel_id}/messages/{message_id}/crosspost"): Rate(10, 3600.0),
    ("DELETE", "/channels/{channel_id}/messages/{message_id}"): Rate(5, 1.0),
    ("POST", "/webhooks/{webhook_id}/{webhook_token}"): Rate(5, 2.0),
    ("PATCH", "/webhooks/{webhook_id}/{webhook_token}/messages/@original"): Rate(5, 2.0),
}
"""What Discord is seen to allow: about 5 sends in 5 s for each channel."""


@dataclass(slots=True)
class RateLimits:
    """The rate of each route (method and template), a default, and the limit over all routes."""

    rules: dict[tuple[str, str], Rate] = field(default_factory=dict)
    default: Rate = GENEROUS
    over_all: Rate | None = None
    old_edits: Rate = field(default_factory=lambda: Rate(3, 6.0))
    refused: int = 0
    _buckets: dict[str, Bucket] = field(default_factory=dict)

    def be_realistic(self) -> None:
        """Enforce what Discord enforces: its usual rates, and 50 requests a second over all."""
        self.rules = dict(REALISTIC)
        self.over_all = Rate(50, 1.0)
        self._buckets.clear()

    def limit(self, method: str, template: str, rate: Rate) -> None:
        """Set the rate of one route, such as `POST` `/channels/{channel_id}/messages`."""
        self.rules[method, template] = rate
        self._buckets.clear()

    def check(self, request: web.Request, template: str) -> web.Response | None:
        """The 429 for a request that comes too early, else None."""
        now = time.monotonic()
        if self.over_all is not None and not template.startswith(_EXEMPT_FROM_GLOBAL):
            early = self._bucket("global", self.over_all).take(now)
            if early:
                return self._refuse(early, is_global=True)
        bucket = self._bucket_of(request, template)
        early = bucket.take(now)
        return self._refuse(early, headers=self.headers(request, template)) if early else None

    def check_old_edit(self, channel_id: int) -> web.Response | None:
        """The 429 with code 30046 for too many edits of messages older than an hour, else None."""
        early = self._bucket(f"old edits {channel_id}", self.old_edits).take(time.monotonic())
        return self._refuse(early, code=30046) if early else None

    def headers(self, request: web.Request, template: str) -> dict[str, str]:
        """The `X-RateLimit-*` headers of the answer to a request."""
        bucket = self._bucket_of(request, template)
        reset_after = bucket.reset_after(time.monotonic())
        name = hashlib.sha256(f"{request.method} {template}".encode()).hexdigest()[:32]
        return {
            "X-RateLimit-Limit": str(bucket.rate.limit),
            "X-RateLimit-Remaining": str(bucket.remaining()),
            "X-RateLimit-Reset": f"{time.time() + reset_after:.3f}",
            "X-RateLimit-Reset-After": f"{reset_after:.3f}",
            "X-RateLimit-Bucket": name,
        }

    def _bucket_of(self, request: web.Request, template: str) -> Bucket:
        major = "+".join(request.match_info[key] for key in _MAJOR if key in request.match_info)
        rate = self.rules.get((request.method, template), self.default)
        return self._bucket(f"{request.method} {template} {major}", rate)

    def _bucket(self, key: str, rate: Rate) -> Bucket:
        return self._buckets.setdefault(key, Bucket(rate))

    def _refuse(
        self, early: float, *, is_global: bool = False, code: int = 0, headers: dict[str, str] | None = None
    ) -> web.Response:
        self.refused += 1
        retry_after = math.ceil(early * 1000) / 1000
        sentence = "You are being rate limited."
        if code == 30046:
            sentence = "Maximum number of edits to messages older than 1 hour reached. Try again later."
        body: Payload = {"message": sentence, "code": code, "retry_after": retry_after, "global": is_global}
        # The client takes a 429 without `Via` for a ban and gives up.
        told = {"Retry-After": str(math.ceil(early)), "Via": "1.1 sandbox"}
        told["X-RateLimit-Scope"] = "global" if is_global else "user"
        return json_response(body, status=429, headers={**(headers or {}), **told})
