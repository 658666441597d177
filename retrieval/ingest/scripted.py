"""A captioner that says what it is told to, for tests of whatever takes captions."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PIL import Image

from retrieval.ingest.captions import GeneratedCaption


class ScriptedCaptioner:
    """Describes pictures by a script.

    Args:
        script: from a picture to what is said of it.
        name: of the model that it plays.

    Attributes:
        batches: how many pictures were described together, each time.
    """

    def __init__(self, script: Callable[[Image.Image], GeneratedCaption], name: str = "scripted") -> None:
        self.batches: list[int] = []
        self._script = script
        self._name = name

    @property
    def name(self) -> str:
        """What it was told to be called."""
        return self._name

    def unfit(self, film: Path) -> str | None:
        """Return None: the script is for every film."""
        return None

    def describe(self, images: Sequence[Image.Image]) -> list[GeneratedCaption]:
        """Return what the script says of each picture, in order."""
        self.batches.append(len(images))
        return [self._script(image) for image in images]
