"""A canary for encoders: eight probes that any working model tells apart.

Weights that were not loaded, or loaded into the wrong places, often give nearly the same vector for everything.
Such an encoder is refused before it can fill an index.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from retrieval.encoders.base import ClipEncoder, ImageEncoder, TextEncoder
from retrieval.errors import UnfitEncoder
from retrieval.spaces import Encodes, Vectors

SENTENCES = (
    "A dog runs along the beach.",
    "Two people shake hands in an office.",
    "A red car stops at a traffic light.",
    "Somebody plays the piano.",
    "Snow falls on a mountain.",
    "A child eats an apple.",
    "The chart shows sales for the year.",
    "A boat leaves the harbour at night.",
)

ALIKE = 0.98
"""Mean cosine between different probes from which an encoder counts as blind."""


def pictures() -> list[Image.Image]:
    """Draw the eight probe pictures, 96 x 96: plain shapes and colours."""
    colours = ["red", "lime", "blue", "yellow", "white", "black", "magenta", "gray"]
    drawn = []
    for number, colour in enumerate(colours):
        image = Image.new("RGB", (96, 96), colours[(number + 3) % len(colours)])
        pen = ImageDraw.Draw(image)
        box = (8 + number * 4, 8, 60 + number * 4, 88 - number * 6)
        (pen.ellipse if number % 2 else pen.rectangle)(box, fill=colour)
        drawn.append(image)
    return drawn


def check_text_encoder(encoder: TextEncoder) -> None:
    """Refuse a text encoder whose vectors are not finite, not of unit length, or all alike.

    Raises:
        UnfitEncoder: with the encoder's name and what is wrong.
    """
    _check(encoder.space.name, encoder.encode(SENTENCES))


def check_image_encoder(encoder: ImageEncoder) -> None:
    """Refuse a picture encoder likewise, for its pictures and for its texts.

    Raises:
        UnfitEncoder: with the encoder's name and what is wrong.
    """
    _check(f"{encoder.space.name} (pictures)", encoder.encode_images(pictures()))
    _check(f"{encoder.space.name} (texts)", encoder.encode_texts(["red", "green", "blue", *SENTENCES]))


def check_clip_encoder(encoder: ClipEncoder) -> None:
    """Refuse an encoder of clips likewise; each probe clip is a picture that gives way to the next.

    Raises:
        UnfitEncoder: with the encoder's name and what is wrong.
    """
    drawn = pictures()
    clips = [[one, one, other] for one, other in zip(drawn, [*drawn[1:], drawn[0]], strict=True)]
    _check(f"{encoder.space.name} (clips)", encoder.encode_clips(clips))
    _check(f"{encoder.space.name} (texts)", encoder.encode_texts(["red", "green", "blue", *SENTENCES]))


CHECKS: dict[Encodes, Callable[[Any], None]] = {
    "text": check_text_encoder,
    "frames": check_image_encoder,
    "clips": check_clip_encoder,
    "videos": check_clip_encoder,
}
"""What an encoder must pass before it is used, by what it encodes."""


def _check(name: str, vectors: Vectors) -> None:
    hint = "Its weights are probably missing or not for this model; `vdialog doctor` shows which are set."
    if not np.isfinite(vectors).all():
        raise UnfitEncoder(f"the encoder {name!r} gives values that are not numbers", hint)
    if not np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-3):
        raise UnfitEncoder(f"the encoder {name!r} gives vectors that are not of unit length", hint)
    similarities = vectors @ vectors.T
    apart = similarities[~np.eye(len(vectors), dtype=bool)]
    if apart.mean() > ALIKE:
        raise UnfitEncoder(f"the encoder {name!r} gives nearly the same vector for everything", hint)
