"""What is set for ingest, from the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.bootstrap.models import captioner
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.dialogue.looking.visual_answerer import LoadVisionModel
    from retrieval.ingest.confined import DecodeLimits
    from retrieval.ingest.options import IngestOptions


def ingest_options(settings: Settings, load_model: LoadVisionModel | None) -> IngestOptions:
    """Return what is set for ingest; `load_model` describe moments that have no caption, where that is on."""
    from retrieval.ingest.options import IngestOptions

    speech_model, limits = settings.speech_model or None, decode_limits(settings)
    told = (settings.stable_seconds, settings.frames_per_hour, captioner(settings, load_model), settings.device)
    return IngestOptions(speech_model, limits, *told)


def decode_limits(settings: Settings) -> DecodeLimits:
    """Return what decoding one file may use."""
    from retrieval.ingest.confined import DecodeLimits

    return DecodeLimits(settings.decode_memory_mb * 1024**2, settings.decode_cpu_seconds)
