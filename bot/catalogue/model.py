"""A model as the rest of the bot sees it."""

from collections.abc import Mapping

from bot.catalogue.price import Price, price_of
from bot.catalogue.schema import Entry, Route, Sound
from bot.catalogue.settle import settle
from bot.domain.request import VideoRequest


class Model(Entry):
    """An entry of the catalogue with the questions that people ask of it."""

    @property
    def default_aspect(self) -> str | None:
        """The shape, such as `16:9`, that is sent when nobody chose one; None where there is no choice."""
        return self.aspects.choices[self.aspects.default] if self.aspects else None

    @property
    def orientations(self) -> Mapping[str, str]:
        """Word to shape, in the order of the file: `landscape` → `16:9`."""
        return self.aspects.choices if self.aspects else {}

    def orientation_of(self, aspect: str | None) -> str | None:
        """The word for a shape."""
        return next((word for word, shape in self.orientations.items() if shape == aspect), None)

    def aspect_of(self, word: str | None) -> str | None:
        """The shape that an orientation stands for; what the model doesn't know stays, to be refused by name."""
        if word is None:
            return None
        known = {name.casefold(): shape for name, shape in self.orientations.items()}
        return known.get(word.strip().casefold(), word)

    @property
    def takes_image(self) -> bool:
        """Whether a video can begin with a picture."""
        return any("image" in route.inputs for route in self.routes)

    @property
    def takes_last_image(self) -> bool:
        """Whether a video can end with a picture."""
        return any("last_image" in route.inputs for route in self.routes)

    @property
    def takes_clip(self) -> bool:
        """Whether a character clip can be used."""
        return self.clip is not None

    @property
    def new_routes(self) -> list[Route]:
        """The endpoints that make new videos instead of changing one."""
        return [route for route in self.routes if "parent_task" not in route.needs]

    @property
    def can_remix(self) -> bool:
        """Whether a finished video of this model can be changed."""
        return any("parent_task" in route.inputs for route in self.routes)

    @property
    def own_sound(self) -> bool:
        """Whether there is sound when nobody chose."""
        return self.sound is Sound.ALWAYS or self.sound_default

    @property
    def own_resolution(self) -> str | None:
        """The resolution when nobody chose one; None where there is no choice."""
        return None if self.resolutions is None else self.resolutions.default

    def settle(self, request: VideoRequest) -> VideoRequest:
        """See `settle.settle`: defaults filled in, or a RefusalError with what is offered instead."""
        return settle(self, request)

    def price(self, request: VideoRequest) -> Price | None:
        """See `price.price_of`. The request has to be settled."""
        return price_of(self, request)
