"""A vision model as the library's Captioner: the same question about every frame."""

from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path

from PIL import Image

import prompts
from bot.errors import AssistantError
from bot.vision.base import VisionModel
from retrieval.errors import CaptioningFailed, LibraryError
from retrieval.ingest.captions import GeneratedCaption

UNTOLD = 0.5
"""Confidence that a description is kept with where the model tells none: enough to be kept, and no praise."""


class ModelCaptioner:
    """Describes pictures by a vision model.

    Args:
        name: of the model and its weights; known before the model is loaded.
        load: returns the model; called when the first picture comes.
        unfit: tells why the model is of no use for a film; None where it is of use.
    """

    def __init__(
        self, name: str, load: Callable[[], VisionModel], unfit: Callable[[Path], str | None] = lambda film: None
    ) -> None:
        self._name = name
        self._load = load
        self._unfit = unfit

    @property
    def name(self) -> str:
        """The model's name and the question it is asked."""
        return f"{self._name}: {self._question}"

    def unfit(self, film: Path) -> str | None:
        """Return why this film is not described; None where it is."""
        return self._unfit(film)

    def describe(self, images: Sequence[Image.Image]) -> list[GeneratedCaption]:
        """Return what each picture shows, in order.

        Raises:
            CaptioningFailed: the model is not there, or gave no answer.
        """
        try:
            said = self._model.ask_each([(self._question, image) for image in images])
        except (AssistantError, LibraryError) as error:
            raise CaptioningFailed(error.message, error.hint) from error
        return [GeneratedCaption(one.text, UNTOLD if one.confidence is None else one.confidence) for one in said]

    @cached_property
    def _model(self) -> VisionModel:
        return self._load()

    @cached_property
    def _question(self) -> str:
        return prompts.render("caption_frame")
