"""The form for a video's words and choices: prompt, model, length, orientation, and a picture where one fits."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import discord

from bot.catalogue.model import Model
from bot.catalogue.schema import Option as ModelOption
from bot.client.escape import escape
from bot.domain.errors import ClapboardError
from bot.domain.sentence import N_, Sentence
from bot.locales import Translator
from bot.media.errors import AttachmentError
from bot.orders.draft import Draft
from cogs.cards.labels import ORIENTATIONS
from cogs.video.form import OrderForm
from cogs.video.form_rows import (
    DESCRIPTION_LIMIT,
    MOST_OPTIONS,
    Caption,
    FileRow,
    Option,
    PickRow,
    Row,
    TextRow,
    spread,
)

Told = Sequence[Sentence | str]


@dataclass(frozen=True, slots=True)
class Offer:
    """What a form lets somebody choose, and what it says that the order has besides.

    `models` are those to choose from, at least one; `options`: which of them can be chosen; `told` is put into the
    sentence `telling` as its `{things}`.
    """

    title: str
    models: tuple[Model, ...]
    telling: str
    told: tuple[Sentence | str, ...] = ()
    takes_picture: bool = False
    options: frozenset[ModelOption] = frozenset({"duration", "aspect"})

    def model_of(self, draft: Draft) -> Model:
        """The model that stands in the form."""
        return next((model for model in self.models if model.id == draft.model_id), self.models[0])


class VideoForm(OrderForm):
    """Prompt, model, length, orientation, picture: filled in with what `draft` says."""

    def __init__(self, offer: Offer, draft: Draft, translator: Translator, *, bad_file: bool = False) -> None:
        self.offer = offer
        self.draft = draft
        rows = _Rows(offer, draft, translator, bad_file=bad_file)
        self._rows = rows
        super().__init__(translator.text(offer.title), translator, rows.items)

    def entered(self) -> Draft:
        """The draft with what was typed, chosen and uploaded."""
        rows = self._rows
        draft = replace(self.draft, prompt=rows.prompt.typed)
        if self.draft.remix_of is None:
            draft = replace(draft, model_id=self._model_id())
        if rows.duration is not None:
            picked = rows.duration.picked
            draft = replace(draft, duration=None if picked is None else int(picked))
        if rows.aspect is not None:
            draft = replace(draft, aspect=rows.aspect.picked)
        picture = None if rows.picture is None else rows.picture.file
        return draft if picture is None else replace(draft, image=picture)

    def filled(self) -> Draft:
        """The draft with what was entered; an uploaded picture stands for the linked one."""
        draft = self.entered()
        return draft if draft.image is None else replace(draft, image_url=None)

    def reopened(self, error: ClapboardError) -> OrderForm:
        """The form as it was filled in; an uploaded picture is kept unless it was the fault."""
        draft, bad_file = self.entered(), self._rows.picture is not None and isinstance(error, AttachmentError)
        if bad_file:
            draft = replace(draft, image=None)
        return type(self)(self.offer, draft, self.translator, bad_file=bad_file)

    def _model_id(self) -> str:
        picked = None if self._rows.model is None else self._rows.model.picked
        return picked or self.offer.model_of(self.draft).id


class _Rows:
    """The rows of a form, those that it has."""

    __slots__ = (
        "_descriptions",
        "_draft",
        "_offer",
        "_text",
        "_translator",
        "aspect",
        "duration",
        "model",
        "picture",
        "prompt",
    )

    def __init__(self, offer: Offer, draft: Draft, translator: Translator, *, bad_file: bool) -> None:
        self._offer, self._draft, self._text = offer, draft, translator.text
        self._translator = translator
        several = len(offer.models) > 1
        # Where a line of text says what the order has, the rows need not.
        self._descriptions = packed(offer.telling, offer.told, translator) if several else iter(())
        self.prompt = TextRow(self._caption(N_("Prompt")), draft.prompt, required=True)
        self.model = self._model_row() if several else None
        self.duration = self._duration_row() if "duration" in offer.options else None
        self.aspect = self._aspect_row() if "aspect" in offer.options else None
        self.picture = FileRow(self._picture_caption(bad_file=bad_file)) if offer.takes_picture else None

    @property
    def items(self) -> list[Row]:
        """The rows from top to bottom."""
        middle = self._line() if self.model is None else self.model.item
        optional = (self.duration, self.aspect, self.picture)
        return [self.prompt.item, middle, *(row.item for row in optional if row is not None)]

    def _caption(self, label: str) -> Caption:
        return Caption(self._text(label), next(self._descriptions, ""))

    def _line(self) -> Row:
        lines = [f"**{self._offer.model_of(self._draft).title}**"]
        if self._offer.told:
            told = self._offer.told
            # Names of files come from people; here, unlike in a row's caption, markdown is live.
            things = tuple(
                escape(thing, DESCRIPTION_LIMIT, max_lines=1) if isinstance(thing, str) else thing for thing in told
            )
            lines.append(self._text(self._offer.telling, things=things))
        return discord.ui.TextDisplay("\n".join(lines))

    def _model_row(self) -> PickRow:
        current = self._offer.model_of(self._draft)
        others = [model for model in self._offer.models if model is not current]
        options = [Option(model.id, model.title) for model in [current, *others][:MOST_OPTIONS]]
        return PickRow(self._caption(N_("Model")), options, current.id)

    def _duration_row(self) -> PickRow:
        preset = self._draft.duration
        lengths = spread([value for model in self._offer.models for value in model.durations.values], preset)
        options = [Option(str(value), self._translator.seconds(value)) for value in lengths]
        return PickRow(self._caption(N_("Length")), options, None if preset is None else str(preset))

    def _aspect_row(self) -> PickRow | None:
        words = list(dict.fromkeys(word for model in self._offer.models for word in model.orientations))
        if not words:
            return None
        options = [Option(word, self._text(ORIENTATIONS.get(word, word))) for word in words[:MOST_OPTIONS]]
        aspect = self._draft.aspect
        word = self._offer.model_of(self._draft).orientation_of(aspect) or aspect
        return PickRow(self._caption(N_("Orientation")), options, word)

    def _picture_caption(self, *, bad_file: bool) -> Caption:
        draft = self._draft
        has_one = draft.image is not None or draft.image_url is not None or draft.kept.picture is not None
        label = self._text(N_("Replace picture") if has_one else N_("First picture"))
        if bad_file:
            return Caption(label, self._text(N_("Please choose another file (PNG or JPEG).")))
        if draft.image is not None:
            kept = self._text(N_("It can't be shown here, but your file stays attached unless you choose another."))
            return Caption(label, kept)
        stays = N_("PNG or JPEG. Left empty, the picture of the video stays.")
        return Caption(label, self._text(stays if has_one else N_("PNG or JPEG. It may be left out.")))


def packed(telling: str, things: Told, translator: Translator) -> Iterator[str]:
    """The sentence `telling` with all things, as often as it takes for none to be cut off."""
    taken: list[Sentence | str] = []
    for thing in things:
        if taken and len(translator.text(telling, things=(*taken, thing))) > DESCRIPTION_LIMIT:
            yield translator.text(telling, things=tuple(taken))
            taken = []
        taken.append(thing)
    if taken:
        yield translator.text(telling, things=tuple(taken))
