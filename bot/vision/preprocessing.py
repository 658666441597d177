"""What the processor of a small model does to frames and words, done before a server that does not know of it.

The small LLaVA was trained on pictures resized to a square and on words in small letters, without any other sign.
"""

import re
from collections.abc import Callable, Generator, Sequence

from PIL import Image

from bot.servers.queue import never
from bot.vision.base import Output, Profile, VisionModel, check_count

SIDE = 96
"""Pixels of the square."""


class Preprocessed:
    """A vision model that is shown squares and asked in plain words.

    Args:
        model: the one that answers.
    """

    def __init__(self, model: VisionModel) -> None:
        self._model = model

    @property
    def profile(self) -> Profile:
        """The model's own."""
        return self._model.profile

    def answer(self, prompt: str, images: Sequence[Image.Image]) -> Generator[str, None, None]:
        """Yield the model's answer. See `VisionModel`."""
        check_count(self.profile, images)
        return self._model.answer(normalised(prompt), [squared(image) for image in images])

    def ask_each(self, asked: Sequence[tuple[str, Image.Image]], unwanted: Callable[[], bool] = never) -> list[Output]:
        """Return the model's short answers. See `VisionModel`."""
        return self._model.ask_each([(normalised(prompt), squared(image)) for prompt, image in asked], unwanted)


def normalised(text: str) -> str:
    """Return the words of a text in small letters."""
    return " ".join(re.findall(r"[^\W\d_]+", text.lower()))


def squared(image: Image.Image) -> Image.Image:
    """Return a picture resized to a square, whatever its shape."""
    return image.convert("RGB").resize((SIDE, SIDE), Image.Resampling.BICUBIC)
