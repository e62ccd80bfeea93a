"""Uploaded files and the signed, expiring addresses under which they are served again."""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote

_SECRET_BYTES = 32


@dataclass(slots=True)
class StoredFile:
    """The bytes of one attachment, under the path they are served at."""

    path: str
    data: bytes = field(repr=False)
    content_type: str


@dataclass(slots=True)
class Files:
    """All uploaded files of a world; `origin` is the address of the server that serves them."""

    now: Callable[[], float]
    origin: str = "http://127.0.0.1"
    lifetime_seconds: float = 86_400.0
    _stored: dict[str, StoredFile] = field(default_factory=dict)
    _secret: bytes = field(default_factory=lambda: secrets.token_bytes(_SECRET_BYTES))

    def store(self, folder: str, name: str, data: bytes, content_type: str) -> StoredFile:
        """Keep a file under `folder` (such as `attachments/1/2`)."""
        stored = StoredFile(f"/{folder}/{quote(name)}", data, content_type)
        self._stored[stored.path] = stored
        return stored

    def remove(self, stored: StoredFile) -> None:
        """Forget a file, as when its message is deleted."""
        self._stored.pop(stored.path, None)

    def address(self, stored: StoredFile) -> str:
        """A fresh address, good for `lifetime_seconds` from now."""
        issued = int(self.now())
        expires, issued_hex = f"{int(issued + self.lifetime_seconds):x}", f"{issued:x}"
        signature = self._sign(stored.path, expires, issued_hex)
        return f"{self.origin}{stored.path}?ex={expires}&is={issued_hex}&hm={signature}&"

    def expire(self) -> None:
        """Let every address issued until now end, as it does in a day; addresses issued from now on are good."""
        self._secret = secrets.token_bytes(_SECRET_BYTES)

    def find(self, path: str, expires: str, issued: str, signature: str) -> StoredFile | None:
        """The file behind an address, or None once it has expired, was tampered with, or the file is gone."""
        if not hmac.compare_digest(signature, self._sign(path, expires, issued)):
            return None
        return self._stored.get(path) if int(expires, 16) > self.now() else None

    def _sign(self, path: str, expires: str, issued: str) -> str:
        return hmac.new(self._secret, f"{path}|{expires}|{issued}".encode(), hashlib.sha256).hexdigest()
