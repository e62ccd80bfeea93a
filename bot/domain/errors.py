"""The root of every error that ends in a sentence for a person."""

from typing import ClassVar

from bot.domain.sentence import N_, Plural, Sentence


class ClapboardError(Exception):
    """An error that carries the sentence for the person who meets it; keyword arguments fill the sentence.

    `quotes` names the arguments that are people's own words, which are escaped where the sentence is shown.
    """

    message: ClassVar[str | Plural] = N_("Something went wrong on my side. Nothing was charged for it.")
    quotes: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, **params: object) -> None:
        super().__init__(type(self).__name__, params)
        self.sentence = Sentence(self.message, params)


class RefusalError(ClapboardError):
    """The request is not carried out, and the sentence says why and what to do; nothing was charged."""


class NotNowError(RefusalError):
    """A refusal that may not hold any more in a few minutes."""


class StoreUnavailableError(ClapboardError):
    """The database does not answer. It means no, never yes."""

    message = N_(
        "My records can't be reached right now, so I don't take orders. Nothing was charged. "
        "Please try again in a few minutes."
    )
