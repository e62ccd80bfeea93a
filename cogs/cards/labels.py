"""Short descriptions of a job for the small lines of cards: model, length, orientation, sound."""

from dataclasses import dataclass

from bot.catalogue.catalogue import Catalogue
from bot.catalogue.model import Model
from bot.domain.job import Job
from bot.domain.sentence import N_, NN_, Sentence
from bot.domain.tier import NO_LIMIT
from bot.locales import Translator

ORIENTATIONS = {
    "landscape": N_("landscape"),
    "portrait": N_("portrait"),
    "square": N_("square"),
}
"""The words of the shipped catalogue; an operator's own words are shown as they are."""

SEPARATOR = " · "

LONGEST_PROMPT = 4000
"""Characters of a prompt that a form can hold, so `/video` takes no more, whatever a model reads."""


def used_of(used: int, limit: int, translator: Translator) -> str:
    """What is used of a limit, as a part of a sentence."""
    if limit >= NO_LIMIT:
        return translator.text(N_("{used}, no limit"), used=used)
    return translator.text(N_("{used} of {limit}"), used=used, limit=limit)


@dataclass(frozen=True, slots=True)
class Labels:
    """Names a job's properties in one language."""

    catalogue: Catalogue
    translator: Translator

    def video(self, job: Job) -> list[str]:
        """Model, length, orientation, and whether there is sound; what a job does not have is left out."""
        request = job.request
        parts = [self.catalogue.title(job.model_id)]
        if request.duration is not None:
            parts.append(self.translator.seconds(request.duration))
        if request.aspect is not None:
            parts.append(self._orientation(job.model_id, request.aspect))
        is_silent = job.film is not None and job.film.audio_codec is None
        if request.audio is not None or is_silent:
            # What was asked for is not always what came.
            sound = N_("with sound") if request.audio and not is_silent else N_("without sound")
            parts.append(self.translator.text(sound))
        return parts

    def outcome(self, job: Job, videos_left: int | None) -> list[str]:
        """The time that a finished job took, and what its author may still make today."""
        parts = []
        if job.finished_at is not None:
            parts.append(self.translator.text(N_("took {time}"), time=job.finished_at - job.created_at))
        if videos_left is not None:
            left = NN_("{count} video left today", "{count} videos left today")
            parts.append(self.translator.text(Sentence(left, {"count": videos_left})))
        return parts

    def _orientation(self, model_id: str, aspect: str) -> str:
        word = next((_word(model, aspect) for model in self.catalogue.models if model.id == model_id), aspect)
        return self.translator.text(ORIENTATIONS[word]) if word in ORIENTATIONS else word


def _word(model: Model, aspect: str) -> str:
    return model.orientation_of(aspect) or aspect


def small(parts: list[str]) -> str:
    """Parts as one small line."""
    return f"-# {SEPARATOR.join(parts)}"
