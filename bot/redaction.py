"""Takes keys and tokens out of whatever is about to be written."""

import dataclasses
import json
import re
from collections.abc import Callable, Iterable, Mapping
from math import isfinite
from urllib.parse import quote

REDACTED = "[redacted]"
SECRET_FIELDS = frozenset({"token", "api_key", "authorization", "password", "secret", "resume_token"})
_VALUE = r"""[^&\s"'<>#)]+"""
PATTERNS = (
    # An HTTP credential, wherever it is quoted.
    re.compile(r"(\b(?:Bearer|Basic)\s+)[\w.~+/=-]+", re.IGNORECASE),
    # A Discord bot token, with or without the word before it: id, time and signature in base64.
    re.compile(r"()\b[\w-]{18,40}\.[\w-]{5,8}\.[\w-]{25,}"),
    # The token of an interaction or webhook in a path.
    re.compile(r"(/(?:webhooks|interactions)/\d+/)[^/?\s\"']+"),
    # What signs an address of a kept file under PUBLIC_URL.
    re.compile(r"(/files/)[\w-]{43,}"),
    # A token as a field of a payload that was printed.
    re.compile(r"""((["'])(?:token|api_key|authorization)\2\s*:\s*(["']))(?:(?!\3).)+""", re.IGNORECASE),
    # What signs an address: object stores (Amazon, Google, Tencent, Aliyun, Azure) and Discord's own files.
    re.compile(
        r"([?&;](?:[\w.-]*(?:signature|credential|security-token|accesskeyid|accessid)"
        r"|sig|sign|hm|token|key|auth_key|api_key|access_token|policy)=)" + _VALUE,
        re.IGNORECASE,
    ),
    # User name and password in an address.
    re.compile(r"(\w://)[^/\s@\"']+(?=@)"),
)


class Redactor:
    """Replaces known secrets and everything that has the form of one, in text and in structures.

    Text under one of the names `hidden` is replaced by what `hide` makes of it.
    """

    def __init__(
        self,
        secrets: Iterable[str],
        hidden: frozenset[str] = frozenset(),
        hide: Callable[[str], str] = lambda _: REDACTED,
    ) -> None:
        # As they are, and as they look inside an address, JSON and Python's own quoting.
        forms = {
            form
            for secret in secrets
            if secret
            for form in (secret, quote(secret, safe=""), json.dumps(secret)[1:-1], repr(secret)[1:-1])
        }
        longest_first = sorted(forms, key=len, reverse=True)
        self._secrets = re.compile("|".join(map(re.escape, longest_first))) if forms else None
        self._hidden = hidden
        self._hide = hide

    def text(self, text: str) -> str:
        """The text without secrets."""
        if self._secrets is not None:
            text = self._secrets.sub(REDACTED, text)
        for pattern in PATTERNS:
            text = pattern.sub(rf"\1{REDACTED}", text)
        return text

    def fields(self, fields: Mapping[str, object]) -> dict[str, object]:
        """The fields without secrets; names that tell what they hold lose their text altogether."""
        return {self.text(str(name)): self._field(str(name), value) for name, value in fields.items()}

    def _field(self, name: str, value: object) -> object:
        if name.lower() in SECRET_FIELDS and value:
            return REDACTED
        if name in self._hidden and isinstance(value, str):
            return self._hide(value)
        return self._value(value)

    def _value(self, value: object) -> object:
        if value is None or isinstance(value, bool | int) or (isinstance(value, float) and isfinite(value)):
            return value
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return self.fields(value)
        if isinstance(value, list | tuple | set | frozenset):
            return [self._value(item) for item in value]
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            return self.fields({f.name: getattr(value, f.name) for f in dataclasses.fields(value)})
        return self.text(str(value))
