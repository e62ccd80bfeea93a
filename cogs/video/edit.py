"""Edit prompt: a new video from one that is there, with other words or choices."""

from dataclasses import replace

from bot.catalogue.catalogue import Catalogue
from bot.catalogue.model import Model
from bot.catalogue.schema import Route, Sound
from bot.domain.job import Job
from bot.domain.sentence import N_, Sentence
from bot.locales import Translator
from bot.orders.draft import Draft
from bot.orders.reuse import again
from cogs.buttons import JobButton
from cogs.video.form import Interaction, OrderForm, source_of
from cogs.video.form_video import Offer, VideoForm

_STAYS = N_("Stays as it is: {things}")


class EditButton(JobButton, verb="edit", label=N_("Edit prompt")):
    """**Edit prompt** below a video or a failure."""

    async def pressed(self, interaction: Interaction) -> None:
        """Open the form for whoever may order here and reuse the video."""
        job, catalogue = await source_of(interaction, self.job_id), interaction.client.services.catalogue
        await interaction.response.send_modal(edit_form(job, catalogue, Translator(interaction.locale.value)))


def edit_form(job: Job, catalogue: Catalogue, translator: Translator) -> OrderForm:
    """The form with everything as it is in the job; a remix stays one, so only its words can be changed.

    Raises UnknownModelError for a remix whose model is no longer offered.
    """
    draft = again(job)
    if job.remix_of is not None:
        model = catalogue.get(job.model_id)
        return VideoForm(_remix_offer(model, draft), draft, translator)
    source = next((model for model in catalogue.models if model.id == job.model_id), None)
    if source is None:
        draft = replace(draft, model_id=catalogue.default.id, audio=None, resolution=None)
    offer = Offer(
        N_("Edit prompt"),
        catalogue.models,
        _STAYS,
        carried(draft, source),
        takes_picture=any(model.takes_image for model in catalogue.models),
    )
    return EditForm(offer, draft, translator)


class EditForm(VideoForm):
    """The form of a video that is no remix; the model can be changed."""

    def entered(self) -> Draft:
        """What the old model does by itself is no wish that another one has to fulfil."""
        draft, old = super().entered(), self.offer.model_of(self.draft)
        return draft if old.id == draft.model_id else without_defaults(draft, old)


def without_defaults(draft: Draft, model: Model) -> Draft:
    """The draft without what this model would choose by itself; length and orientation are chosen in the form."""
    audio = None if draft.audio is _own_sound(model) else draft.audio
    resolution = None if draft.resolution == _own_resolution(model) else draft.resolution
    return replace(draft, audio=audio, resolution=resolution)


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
    if draft.resolution is not None and (model is None or draft.resolution != _own_resolution(model)):
        found.append(draft.resolution)
    if draft.audio is not None and model is not None and draft.audio is not _own_sound(model):
        found.append(Sentence(N_("with sound") if draft.audio else N_("without sound")))
    if draft.watermark is False:
        found.append(Sentence(N_("without a watermark")))
    if draft.spoiler:
        found.append(Sentence(N_("hidden as a spoiler")))
    if draft.private:
        found.append(Sentence(N_("private")))
    return found


def _remix_offer(model: Model, draft: Draft) -> Offer:
    route = next((route for route in model.routes if "parent_task" in route.inputs), None)
    return Offer(
        N_("Edit prompt"),
        (model,),
        _STAYS,
        carried(draft, model),
        takes_picture=route is not None and "image" in route.inputs,
        options=frozenset(model.options.keys() & {"duration", "aspect"} - _lacking(route)),
    )


def _lacking(route: Route | None) -> set[str]:
    return {"duration", "aspect"} if route is None else set(route.lacks)


def _own_sound(model: Model) -> bool:
    return model.sound is Sound.ALWAYS or model.sound_default


def _own_resolution(model: Model) -> str | None:
    return None if model.resolutions is None else model.resolutions.default
