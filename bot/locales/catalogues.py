"""The gettext catalogues: which language people get, and its sentences."""

import io
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

DOMAIN = "clapboard"
DIRECTORY = Path(__file__).parent
ENGLISH = Locale("en", "US")


@lru_cache(maxsize=256)
def choose(wanted: str, directory: Path = DIRECTORY) -> tuple[Locale, NullTranslations]:
    """The locale and catalogue for a locale as Discord names it (`pt-BR`): exact, by language, or English.

    Numbers follow the sentences: who reads English for want of a catalogue reads English numbers too.
    """
    try:
        locale = Locale.parse(wanted, sep="-")
    except (ValueError, UnknownLocaleError):
        return ENGLISH, NullTranslations()
    for name in (str(locale), locale.language):
        path = directory / name / "LC_MESSAGES" / f"{DOMAIN}.po"
        if path.is_file():
            return locale, _read(path)
    return (locale if locale.language == "en" else ENGLISH), NullTranslations()


def languages(directory: Path = DIRECTORY) -> frozenset[str]:
    """The languages there are sentences in, as Discord names them."""
    found = directory.glob(f"*/LC_MESSAGES/{DOMAIN}.po")
    return frozenset({"en-US"} | {path.parents[1].name.replace("_", "-") for path in found})


def _read(path: Path) -> GNUTranslations:
    """Compile in memory: the text that translators edit is the only file there is."""
    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.parents[1].name)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)
