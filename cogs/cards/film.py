"""What the file of a finished video is, in words."""

from collections.abc import Iterator
from decimal import Decimal

from bot.domain.film import Film, Treatment
from bot.domain.job import Job
from bot.domain.sentence import N_
from bot.locales import Translator

NAMES = {
    "h264": "H.264",
    "hevc": "HEVC",
    "av1": "AV1",
    "vp8": "VP8",
    "vp9": "VP9",
    "mpeg4": "MPEG-4",
    "aac": "AAC",
    "mp3": "MP3",
    "opus": "Opus",
    "vorbis": "Vorbis",
}
"""Codecs as people write them; others are shown as ffmpeg calls them."""
_TREATED = {
    Treatment.UNTOUCHED: N_("as it came from the video service"),
    Treatment.REWRAPPED: N_("repacked without loss"),
}


def in_server(job: Job) -> bool:
    """Whether a job's video stands in a server, whose upload limit it is then."""
    return job.server_id is not None and not job.private


def film_parts(job: Job, film: Film, translator: Translator) -> Iterator[str]:
    """Codec, sides, length, frames, sound and size, and what was done to it."""
    text = translator.text
    if film.video_codec is not None:
        yield _name(film.video_codec)
    yield text(N_("{width} × {height}"), width=str(film.width), height=str(film.height))
    if film.seconds is not None:
        yield translator.seconds(film.seconds.quantize(Decimal("0.1")))
    if film.fps is not None:
        yield text(N_("{number} frames per second"), number=round(film.fps, 2))
    if film.audio_codec is None:
        yield text(N_("without sound"))
    else:
        yield text(N_("{codec} sound"), codec=_name(film.audio_codec))
    yield translator.megabytes(film.size_bytes)
    yield reencoded(job, translator) or text(_TREATED[film.treatment])


def reencoded(job: Job, translator: Translator) -> str | None:
    """Why the pictures were encoded again; None where they were not."""
    film = job.film
    if film is None or film.treatment is not Treatment.REENCODED:
        return None
    if not film.shrunk:
        return translator.text(N_("re-encoded so that it plays everywhere"))
    if in_server(job):
        return translator.text(N_("re-encoded to fit this server's upload limit"))
    return translator.text(N_("re-encoded to fit the upload limit here"))


def _name(codec: str) -> str:
    return NAMES.get(codec, codec)
