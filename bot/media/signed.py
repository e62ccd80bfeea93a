"""Addresses of kept files under PUBLIC_URL that nobody can guess or change, and that end by themselves."""

import base64
import hashlib
import hmac
from datetime import datetime
from pathlib import PurePath

from bot.domain.clock import Clock

_SEAL_BYTES = hashlib.sha256().digest_size
_MOMENT_BYTES = 8
_SHOWN = {".png": "picture.png", ".jpg": "picture.jpg", ".mp4": "clip.mp4"}


class SignedLinks:
    """Makes and opens addresses `<public_url>/files/<token>/<file name>`.

    A token holds the name of a kept file, or of a finished video, and the moment when it ends, sealed with HMAC-SHA256;
    nothing is stored, so an address lives through a restart as long as the secret is the same. There is no query
    string: gateways look at the extension of a picture's address, and what they make of a query is unknown
    (video-api.md, submit).
    """

    def __init__(self, public_url: str, secret: bytes, clock: Clock) -> None:
        self._base = f"{public_url}/files"
        self._secret = secret
        self._clock = clock

    def address(self, name: str, until: datetime) -> str:
        """Where a kept file can be fetched before `until`, which is rounded down to a second."""
        moment = int(until.timestamp()).to_bytes(_MOMENT_BYTES, "big")
        return f"{self._base}/{self._token(moment + name.encode())}/{shown_name(name)}"

    def open(self, token: str) -> str | None:
        """The kept name in a token; None when it has expired or is not one of ours, letter for letter."""
        try:
            sealed = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_")
        except ValueError:
            return None
        content = sealed[_SEAL_BYTES:]
        # Several spellings decode to the same bytes, so the token is compared as it ought to be written.
        if not hmac.compare_digest(self._token(content).encode(), token.encode()):
            return None
        ends_at = int.from_bytes(content[:_MOMENT_BYTES], "big")
        return content[_MOMENT_BYTES:].decode() if self._clock().timestamp() < ends_at else None

    def _token(self, content: bytes) -> str:
        seal = hmac.digest(self._secret, content, "sha256")
        return base64.urlsafe_b64encode(seal + content).rstrip(b"=").decode()


def shown_name(name: str) -> str:
    """The file name at the end of an address: a plain one, with the extension that gateways look for.

    A finished video is shown under its own name, which says nothing but its id.
    """
    return name if name.startswith("clapboard-") else _SHOWN[PurePath(name).suffix]
