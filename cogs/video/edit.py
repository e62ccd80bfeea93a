"""Edit prompt: a new video from one that is there, with other words or choices."""

from dataclasses import replace

from bot.catalogue.model import Model
from bot.catalogue.schema import Route
from bot.domain.job import Job
from bot.domain.sentence import N_, Sentence
from bot.locales import Translator
from bot.orders.draft import Draft
from bot.orders.menu import Menu
from bot.orders.reuse import again
from cogs.buttons import JobButton
from cogs.video.form import Interaction, OrderForm, source_of
from cogs.video.form_video import Offer, VideoForm

_STAYS = N_("Stays as it is: {things}")
_NOT_THIS = N_("{model}, which it was made with, is not there for you to choose.")


class EditButton(JobButton, verb="edit", label=N_("Edit prompt")):
    """**Edit prompt** below a video or a failure."""

    async def pressed(self, interaction: Interaction) -> None:
        """Open the form for whoever may order here and reuse the video."""
        job, menu = await source_of(interaction, self.job_id)
        await interaction.response.send_modal(edit_form(job, menu, Translator(interaction.locale.value)))


def edit_form(job: Job, menu: Menu, translator: Translator) -> OrderForm:
    """The form with everything as it is in the job, and the models that whoever opens it may use.

    A remix stays one, so only its words can be changed. Raises UnknownModelError for a remix whose model is no longer
    offered, and NoModelError.
    """
    draft, catalogue = again(job), menu.offered.catalogue
    if job.remix_of is not None:
        return VideoForm(_remix_offer(menu, menu.model(job.model_id, remix=True), draft), draft, translator)
    models = menu.open_models
    source = next((model for model in catalogue.models if model.id == job.model_id), None)
    offer = Offer(
        N_("Edit prompt"),
        menu,
        models,
        _STAYS,
        carried(draft, source),
        takes_picture=any(model.takes_image for model in models),
        made_with=source,
    )
    if source is None:
        draft = replace(draft, audio=None, resolution=None, gives_way=True)
    if source not in models:
        offer = replace(offer, note=Sentence(_NOT_THIS, {"model": catalogue.title(job.model_id)}))
        draft = offer.draft_for(models[0].id, draft)
    return VideoForm(offer, draft, translator)


def carried(draft: Draft, model: Model | None) -> tuple[Sentence | str, ...]:
    """What a new video takes over besides what its form asks for and its model does anyway, each in a few words."""
    kept = draft.kept
    inputs = {
        N_("the character"): draft.character_id,
        N_("the clip"): kept.clip or draft.clip_url,
        N_("the last picture"): kept.last_picture or draft.last_image_url,
        N_("the negative prompt"): draft.negative,
    }
    found: list[Sentence | str] = [Sentence(name) for name, given in inputs.items() if given is not None]
    if draft.remix_of is not None:
        found.insert(0, Sentence(N_("a remix of {video}"), {"video": f"`{draft.remix_of}`"}))
    if draft.seed is not None:
        found.append(Sentence(N_("seed {seed}"), {"seed": str(draft.seed)}))
    return (*found, *_choices(draft, model))


def _choices(draft: Draft, model: Model | None) -> list[Sentence | str]:
    found: list[Sentence | str] = []
    if draft.resolution is not None and (model is None or draft.resolution != model.own_resolution):
        found.append(draft.resolution)
    if draft.audio is not None and model is not None and draft.audio is not model.own_sound:
        found.append(Sentence(N_("with sound") if draft.audio else N_("without sound")))
    if draft.watermark is False:
        found.append(Sentence(N_("without a watermark")))
    if draft.spoiler:
        found.append(Sentence(N_("hidden as a spoiler")))
    if draft.private:
        found.append(Sentence(N_("private")))
    return found


def _remix_offer(menu: Menu, model: Model, draft: Draft) -> Offer:
    route = next((route for route in model.routes if "parent_task" in route.inputs), None)
    return Offer(
        N_("Edit prompt"),
        menu,
        (model,),
        _STAYS,
        carried(draft, model),
        takes_picture=route is not None and "image" in route.inputs,
        options=frozenset(model.options.keys() & {"duration", "aspect"} - _lacking(route)),
    )


def _lacking(route: Route | None) -> set[str]:
    return {"duration", "aspect"} if route is None else set(route.lacks)
