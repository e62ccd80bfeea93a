"""What `/video more:True` asks for besides the command's own options: only what the chosen model has."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.catalogue.model import Model
from bot.catalogue.schema import Input, Route
from bot.client.asker import asker_of
from bot.domain.errors import ClapboardError, RefusalError
from bot.domain.sentence import N_
from bot.locales import Translator
from bot.media.errors import AttachmentError
from bot.orders.draft import Draft
from bot.orders.menu import Menu
from cogs.cards.labels import SEPARATOR
from cogs.video.form import Interaction, OrderForm
from cogs.video.form_rows import TEXT_LIMIT, Caption, FileRow, Option, PickRow, Row, TextRow, TickRow
from cogs.video.names import about
from cogs.video.ordering import Ordering

WATERMARK, SPOILER = "watermark", "spoiler"
_SEED_DIGITS = 20


class NotASeedError(RefusalError):
    """A seed that is no whole number in the model's range."""

    message = N_("A seed is a whole number from {lowest} to {highest}. Nothing was charged.")


@dataclass(frozen=True, slots=True)
class Extras:
    """What the form is opened with: the command's draft, the model it is for, and the seed as it was typed."""

    draft: Draft
    model: Model
    menu: Menu
    seed: str = ""
    bad_file: bool = False


class MoreForm(OrderForm):
    """Resolution, last picture, negative prompt, seed, watermark, spoiler: those that the model has."""

    def __init__(self, extras: Extras, ordering: Ordering, translator: Translator) -> None:
        self.extras = extras
        self._ordering = ordering
        self._rows = _Rows(extras, translator)
        super().__init__(translator.text(N_("More for this video")), translator, self._rows.items)

    def filled(self) -> Draft:
        """The command's draft with what was entered. Raises NotASeedError."""
        entered = self._entered()
        return replace(entered.draft, seed=_seed(entered))

    def reopened(self, error: ClapboardError) -> OrderForm:
        """The form as it was filled in; an uploaded picture is kept unless it may be the fault."""
        entered = self._entered()
        if entered.draft.last_image is not None and isinstance(error, AttachmentError):
            entered = replace(entered, draft=replace(entered.draft, last_image=None), bad_file=True)
        return MoreForm(entered, self._ordering, self.translator)

    async def order(self, interaction: Interaction, draft: Draft) -> None:
        """Order as `/video` does, which never asks."""
        await self._ordering.order(interaction, draft)

    def _entered(self) -> Extras:
        rows, draft = self._rows, self.extras.draft
        watermark = rows.boxes.ticked(WATERMARK)
        draft = replace(
            draft,
            spoiler=bool(rows.boxes.ticked(SPOILER)),
            watermark=draft.watermark if watermark is None else watermark,
            resolution=draft.resolution if rows.resolution is None else rows.resolution.picked,
            negative=draft.negative if rows.negative is None else rows.negative.typed.strip() or None,
            last_image=draft.last_image if rows.last is None else rows.last.file or draft.last_image,
        )
        seed = "" if rows.seed is None else rows.seed.typed
        return replace(self.extras, draft=draft, seed=seed, bad_file=False)


class _Rows:
    """The rows of the form, those that it has."""

    def __init__(self, extras: Extras, translator: Translator) -> None:
        self._extras, self._model = extras, extras.model
        self._translator, self._text = translator, translator.text
        routes = _possible_routes(extras.model, extras.draft)
        offered = {option for option in extras.model.options if any(option not in route.lacks for route in routes)}
        self.resolution = self._resolution() if "resolution" in offered else None
        takes_last = any("last_image" in route.inputs for route in routes)
        self.last = FileRow(self._last_caption()) if takes_last else None
        self.negative = self._negative() if "negative" in offered else None
        self.seed = self._seed() if "seed" in offered else None
        self.boxes = self._boxes(watermark="watermark" in offered)

    @property
    def items(self) -> list[Row]:
        """The rows from top to bottom."""
        rows = (self.resolution, self.last, self.negative, self.seed, self.boxes)
        return [row.item for row in rows if row is not None]

    def _resolution(self) -> PickRow | None:
        resolutions = self._model.resolutions
        if resolutions is None or len(resolutions.choices) < 2:
            return None
        options = [Option(choice, self._with_price(choice)) for choice in resolutions.choices]
        preset = self._extras.draft.resolution or resolutions.default
        return PickRow(Caption(self._text(N_("Resolution"))), options, preset)

    def _with_price(self, resolution: str) -> str:
        estimate = self._extras.menu.estimate(self._model, replace(self._extras.draft, resolution=resolution))
        return resolution if estimate is None else SEPARATOR.join((resolution, about(estimate.units, self._translator)))

    def _price(self) -> str:
        """What it costs, where no choice of a resolution says so."""
        estimate = None if self.resolution is not None else self._extras.menu.estimate(self._model, self._extras.draft)
        if estimate is None:
            return ""
        money = self._translator.money(estimate.units)
        return self._text(N_("This video costs about {money}."), money=money)

    def _last_caption(self) -> Caption:
        told = N_("The picture that the video ends with (PNG or JPEG).")
        if self._extras.bad_file:
            told = N_("Please choose another file (PNG or JPEG).")
        elif self._extras.draft.last_image is not None:
            told = N_("It can't be shown here, but your file stays attached unless you choose another.")
        return Caption(self._text(N_("Last picture")), self._text(told))

    def _negative(self) -> TextRow:
        caption = Caption(self._text(N_("Negative prompt")), self._text(N_("What the video shall not show.")))
        return TextRow(caption, self._extras.draft.negative, limit=self._model.negative_limit or TEXT_LIMIT)

    def _seed(self) -> TextRow | None:
        seeds = self._model.seed
        if seeds is None:
            return None
        told = N_("A whole number from {lowest} to {highest}; the same seed gives similar videos.")
        caption = Caption(self._text(N_("Seed")), self._text(told, lowest=str(seeds.min), highest=str(seeds.max)))
        return TextRow(caption, self._extras.seed, long=False, limit=_SEED_DIGITS)

    def _boxes(self, *, watermark: bool) -> TickRow:
        options, ticked = [Option(SPOILER, self._text(N_("Hide it as a spoiler")))], set[str]()
        if watermark:
            options.insert(0, Option(WATERMARK, self._text(N_("With a watermark"))))
        chosen = self._extras.draft.watermark
        usual = bool(self._model.watermark) and self._extras.menu.guild.choices.watermark
        if usual if chosen is None else chosen:
            ticked.add(WATERMARK)
        if self._extras.draft.spoiler:
            ticked.add(SPOILER)
        return TickRow(Caption(self._text(N_("Options")), self._price()), options, frozenset(ticked))


async def open_form(interaction: Interaction, draft: Draft, ordering: Ordering) -> None:
    """Open the form for whoever may order this here. Raises the gate's refusals and UnknownModelError."""
    asker = asker_of(interaction)
    menu = await interaction.client.services.orders.menu(asker)
    model = menu.model(draft.model_id)
    menu.check(model, draft.duration)
    # The model stays the one whose rows the form shows, whatever is preferred when it is sent.
    extras = Extras(replace(draft, model_id=model.id), model, menu)
    await interaction.response.send_modal(MoreForm(extras, ordering, Translator(asker.locale)))


def _possible_routes(model: Model, draft: Draft) -> Sequence[Route]:
    """The routes for what the command was given, with a last picture or without; every one where there is none."""
    given: set[Input] = set()
    if draft.image is not None or draft.image_url is not None:
        given.add("image")
    if draft.clip is not None or draft.clip_url is not None or draft.character_id is not None:
        given.add("character")
    new = model.new_routes
    return [route for route in new if set(route.needs) - {"last_image"} <= given <= route.inputs] or new


def _seed(entered: Extras) -> int | None:
    """The seed that was typed; none is left to chance."""
    seeds, typed = entered.model.seed, entered.seed.strip()
    if seeds is None or not typed:
        return None
    try:
        seed = int(typed)
    except ValueError:
        seed = seeds.min - 1
    if not seeds.min <= seed <= seeds.max:
        raise NotASeedError(lowest=str(seeds.min), highest=str(seeds.max))
    return seed
