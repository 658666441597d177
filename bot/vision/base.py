"""The contract of vision models: a prompt and pictures go in, words come out, and closing the words stops the model."""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Protocol

from PIL import Image

from bot.servers.queue import never


@dataclass(frozen=True, slots=True)
class Profile:
    """What a vision model can do.

    Attributes:
        name: the model, as a person knows it.
        max_images: pictures that one prompt may come with.
        instruct: whether it follows instructions in free words, beyond the questions that it was trained on.
        batch: questions of `ask_each` that it answers together.
    """

    name: str
    max_images: int
    instruct: bool
    batch: int = 1


@dataclass(frozen=True, slots=True)
class Output:
    """What a model said, and how sure it was of its words: the geometric mean of their probabilities, 0 to 1.

    None is the confidence where a server does not tell it; that is not the same as being unsure.
    """

    text: str
    confidence: float | None


class VisionModel(Protocol):
    """Answers in words about pictures.

    A prompt is plain text, wherever it comes from: nothing in it counts as a mark of the model's own. Where frames
    have times, the caller writes them into the prompt.
    """

    @property
    def profile(self) -> Profile:
        """What the model can do."""
        ...

    def answer(self, prompt: str, images: Sequence[Image.Image]) -> Generator[str, None, None]:
        """Yield an answer piece by piece as the model writes it; joined they are the answer.

        Closing the generator stops the model within a second, or with the one step that it is in.

        Raises:
            ValueError: more pictures than `profile.max_images`.
            PromptTooLong: the prompt does not fit into the model's context.
            VisionFailed: the model gave no whole answer; raised at any point while the answer is read.
            MissingModel: its server does not have it, or no longer.
        """
        ...

    def ask_each(self, asked: Sequence[tuple[str, Image.Image]], unwanted: Callable[[], bool] = never) -> list[Output]:
        """Return a short answer to each prompt about its own picture, in order; many at once where the model can.

        Once `unwanted()` is true the model stops within a second, or with the one step that it is in, and fewer
        answers come back than were asked for. It is called often, in any thread.

        Raises:
            PromptTooLong: a prompt does not fit into the model's context.
            VisionFailed, MissingModel: as above; what had been answered until then is lost.
        """
        ...


def check_count(profile: Profile, images: Sequence[Image.Image]) -> None:
    """Refuse more pictures than a model takes.

    Raises:
        ValueError: says how many it takes.
    """
    if len(images) > profile.max_images:
        raise ValueError(f"{profile.name} takes {profile.max_images} pictures at most, not {len(images)}")
