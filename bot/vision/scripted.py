"""A vision model that says what it is told to, for tests of whatever uses one."""

import re
from collections.abc import Callable, Generator, Sequence
from itertools import cycle

from PIL import Image

from bot.servers.queue import never
from bot.vision.base import Output, Profile, check_count

Script = Callable[[str, Sequence[Image.Image]], str | Output]
"""From a prompt and its pictures to what is said."""

PROFILE = Profile("scripted", max_images=1, instruct=True)


class ScriptedVision:
    """Answers by a script.

    Args:
        script: a function of prompt and pictures, or answers that are given in turn, over and over.
        profile: what the model says of itself.

    Attributes:
        asked: every prompt with its pictures, in order.
        written: pieces that were taken out of answers.
    """

    def __init__(self, script: Script | Sequence[str | Output], profile: Profile = PROFILE) -> None:
        self.asked: list[tuple[str, tuple[Image.Image, ...]]] = []
        self.written = 0
        self._profile = profile
        self._script: Script = script if callable(script) else _in_turn(script)

    @property
    def profile(self) -> Profile:
        """What it was told to be."""
        return self._profile

    def answer(self, prompt: str, images: Sequence[Image.Image]) -> Generator[str, None, None]:
        """Yield what the script says, word by word."""
        check_count(self._profile, images)
        return self._pieces(self._said(prompt, images).text)

    def ask_each(self, asked: Sequence[tuple[str, Image.Image]], unwanted: Callable[[], bool] = never) -> list[Output]:
        """Return what the script says to each."""
        return [self._said(prompt, [image]) for prompt, image in asked if not unwanted()]

    def _pieces(self, text: str) -> Generator[str, None, None]:
        for piece in re.findall(r"\s*\S+\s*$|\s*\S+", text):
            self.written += 1
            yield piece

    def _said(self, prompt: str, images: Sequence[Image.Image]) -> Output:
        self.asked.append((prompt, tuple(images)))
        said = self._script(prompt, images)
        return said if isinstance(said, Output) else Output(said, 1.0)


def _in_turn(answers: Sequence[str | Output]) -> Script:
    turns = cycle(answers)
    return lambda prompt, images: next(turns)
