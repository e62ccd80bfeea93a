"""Addresses of finished videos that look presigned and run out."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

from aiohttp import web

DEFAULT_TTL_SECONDS: Final = 3600.0
STORE_ERROR: Final = '<?xml version="1.0" encoding="UTF-8"?><Error><Code>{}</Code><Message>{}</Message></Error>'


@dataclass(frozen=True, slots=True)
class Link:
    """One signed address."""

    path: str
    task_id: str
    ends: float


@dataclass(slots=True)
class Links:
    """The addresses that one server has given out, by signature."""

    clock: Callable[[], float]
    issued: dict[str, Link] = field(default_factory=dict)

    def issue(self, task_id: str, ttl: str | int | None, *, suffix: str = ".mp4") -> str:
        """A fresh path and query for a task's video."""
        seconds = DEFAULT_TTL_SECONDS if ttl is None else float(ttl)
        path = f"/results/{task_id}/{secrets.token_hex(8)}{suffix}"
        signature = secrets.token_hex(32)
        self.issued[signature] = Link(path, task_id, self.clock() + seconds)
        query = {
            "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
            "X-Amz-Credential": f"sandbox/{task_id}/s3/aws4_request",
            "X-Amz-Expires": f"{seconds:.0f}",
            "X-Amz-Signature": signature,
        }
        # The slashes of the credential stay encoded, as object stores write them: a client that
        # normalises the address changes what was signed.
        return f"{path}?{urlencode(query)}"

    def refusal(self, request: web.Request) -> web.Response | None:
        """The object store's 403 for a request whose signature is wrong or has run out."""
        link = self.issued.get(request.query.get("X-Amz-Signature", ""))
        if link is None or link.path != request.path or "%2F" not in request.raw_path:
            return _store_error("SignatureDoesNotMatch", "The signature does not match.")
        if self.clock() >= link.ends:
            return _store_error("AccessDenied", "Request has expired")
        return None

    def expire(self) -> None:
        """Let every address given out so far run out now."""
        for signature, link in self.issued.items():
            self.issued[signature] = Link(link.path, link.task_id, self.clock())


def _store_error(code: str, message: str) -> web.Response:
    return web.Response(status=403, content_type="application/xml", text=STORE_ERROR.format(code, message))
