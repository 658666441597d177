"""How the models that are set fit a library: what none of them does, and films that they do not know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from bot.bootstrap import drawn
from bot.bootstrap.drawn import SAMPLE_ONLY
from bot.bootstrap.models import PACKAGED, image_encoder
from bot.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from retrieval.types import Video

__all__ = ["SAMPLE_ONLY", "is_small", "strangers", "unset"]

Unset = Literal["speech", "pictures"]


def unset(settings: Settings) -> tuple[Unset, ...]:
    """Return what no model that is set does: understand speech, search pictures."""
    from retrieval.ingest import speech

    lacks_speech = not settings.speech_model or speech.unavailable(settings.speech_model) is not None
    off: dict[Unset, bool] = {"speech": lacks_speech, "pictures": image_encoder(settings) is None}
    return tuple(name for name, is_off in off.items() if is_off)


def is_small(settings: Settings) -> bool:
    """Tell whether a model is set that knows the drawn world alone."""
    sees = settings.vision != "none" and settings.vision_model == PACKAGED
    return sees or settings.clip_model == PACKAGED


def strangers(settings: Settings, videos: Iterable[Video]) -> list[Video]:
    """Return the videos whose films the models that are set do not know; of models for every film none."""
    if not is_small(settings):
        return []
    there = [video for video in videos if video.entry.path is not None]
    others = frozenset(drawn.strangers(video.entry.path for video in there if video.entry.path is not None))
    return [video for video in there if video.entry.path in others]
