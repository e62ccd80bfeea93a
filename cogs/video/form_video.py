"""The form for a video's words and choices: prompt, model, length, orientation, and a picture where one fits."""

from collections.abc import Collection, Iterator, Mapping, Sequence
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
from bot.orders.menu import Menu
from bot.orders.reuse import for_another
from cogs.cards.labels import ORIENTATIONS, SEPARATOR
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
from cogs.video.names import about, length_name, model_name, shared_length_name

Told = Sequence[Sentence | str]


@dataclass(frozen=True, slots=True)
class Offer:
    """What a form lets somebody choose, and what it says that the order has besides.

    `models` are those to choose from, at least one, out of the `menu` of whoever fills it in; `options`: which of them
    can be chosen; `told` is put into the sentence `telling` as its `{things}`. `made_with`: the model whose own choices
    stand in the draft; `note`: what is said of it.
    """

    title: str
    menu: Menu
    models: tuple[Model, ...]
    telling: str
    told: tuple[Sentence | str, ...] = ()
    takes_picture: bool = False
    options: frozenset[ModelOption] = frozenset({"duration", "aspect"})
    made_with: Model | None = None
    note: Sentence | None = None

    def model_of(self, draft: Draft) -> Model:
        """The model that stands in the form."""
        return next((model for model in self.models if model.id == draft.model_id), self.models[0])

    def draft_for(self, model_id: str, draft: Draft) -> Draft:
        """The draft with a model, which need not do what another one does by itself."""
        if self.made_with is None or self.made_with.id == model_id:
            return replace(draft, model_id=model_id)
        return replace(for_another(draft, self.made_with), model_id=model_id)


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
            draft = self.offer.draft_for(self._model_id(), draft)
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
        lines = [f"**{self._offer.model_of(self._draft).title}**{self._price()}"]
        if self._offer.note is not None:
            lines.append(self._text(self._offer.note))
        if self._offer.told:
            told = self._offer.told
            # Names of files come from people; here, unlike in a row's caption, markdown is live.
            things = tuple(
                escape(thing, DESCRIPTION_LIMIT, max_lines=1) if isinstance(thing, str) else thing for thing in told
            )
            lines.append(self._text(self._offer.telling, things=things))
        return discord.ui.TextDisplay("\n".join(lines))

    def _price(self) -> str:
        """What it costs, where no row says so."""
        offer, draft = self._offer, self._draft
        estimate = None if "duration" in offer.options else offer.menu.estimate(offer.model_of(draft), draft)
        return "" if estimate is None else f"{SEPARATOR}{about(estimate.units, self._translator)}"

    def _model_row(self) -> PickRow:
        offer, current = self._offer, self._offer.model_of(self._draft)
        options = [
            Option(model.id, model_name(offer.menu, model, draft, self._translator)) for model, draft in self._drafts()
        ]
        if offer.note is None:
            return PickRow(self._caption(N_("Model")), options, current.id)
        return PickRow(Caption(self._text(N_("Model")), self._text(offer.note)), options, current.id)

    def _drafts(self) -> list[tuple[Model, Draft]]:
        """Each model that there is room for, with the order as it would be with it."""
        offer, draft = self._offer, self._draft
        current = offer.model_of(draft)
        models = [current, *(model for model in offer.models if model is not current)][:MOST_OPTIONS]
        return [(model, offer.draft_for(model.id, draft)) for model in models]

    def _duration_row(self) -> PickRow:
        models, preset = self._offer.models, self._draft.duration
        makers = {model.title: self._offer.menu.lengths(model) for model in models}
        # What the video has now stays to be seen, and to be refused with the roles that may have it.
        own = [preset] if preset in self._offer.model_of(self._draft).durations.values and preset is not None else []
        lengths = spread([*own, *(value for values in makers.values() for value in values)], preset)
        # Without prices to be told, none is looked for.
        drafts = self._drafts() if len(models) > 1 and self._offer.menu.shows_prices else []
        options = [Option(str(value), self._length(value, drafts), self._made_by(value, makers)) for value in lengths]
        return PickRow(self._caption(N_("Length")), options, None if preset is None else str(preset))

    def _length(self, seconds: int, drafts: Sequence[tuple[Model, Draft]]) -> str:
        menu = self._offer.menu
        if len(self._offer.models) > 1:
            return shared_length_name(menu, seconds, drafts, self._translator)
        draft = replace(self._draft, duration=seconds)
        return length_name(menu, self._offer.models[0], draft, self._translator)

    @staticmethod
    def _made_by(value: object, makers: Mapping[str, Collection[object]]) -> str:
        """Which models make it, where not all do."""
        titles = [title for title, values in makers.items() if value in values]
        return "" if len(titles) == len(makers) else ", ".join(titles)

    def _aspect_row(self) -> PickRow | None:
        words = list(dict.fromkeys(word for model in self._offer.models for word in model.orientations))
        if not words:
            return None
        makers = {model.title: model.orientations for model in self._offer.models}
        aspect = self._draft.aspect
        chosen = self._offer.model_of(self._draft).orientation_of(aspect) or aspect
        if chosen in words[MOST_OPTIONS:]:
            # A form that is sent as it was opened changes nothing.
            words.insert(0, chosen)
        options = [
            Option(word, self._text(ORIENTATIONS.get(word, word)), self._made_by(word, makers))
            for word in words[:MOST_OPTIONS]
        ]
        return PickRow(self._caption(N_("Orientation")), options, chosen)

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
