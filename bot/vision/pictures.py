"""Pictures on their way to a server: always JPEG that was encoded here, never bytes that came from somewhere else.

A damaged picture, or one of another format, ends the process that runs the model, and with it the answers of others.
"""

import base64
import io

from PIL import Image

LONGEST = 1344
"""Pixels of the longer side that are sent at most; LLaVA looks at 336."""

LEAST = 32
"""Pixels that each side has at least; models that cut pictures into patches fail with less."""

QUALITY = 95
"""Of the JPEG: what a model is shown must not be worse than what is on disk."""


def jpeg(image: Image.Image) -> bytes:
    """Return a picture as JPEG, made smaller where it is larger than a model can use."""
    shown = image.convert("RGB")
    if max(shown.size) > LONGEST:
        shown.thumbnail((LONGEST, LONGEST))
    if min(shown.size) < LEAST:
        shown = shown.resize((max(LEAST, shown.width), max(LEAST, shown.height)))
    kept = io.BytesIO()
    shown.save(kept, "JPEG", quality=QUALITY, subsampling=0)
    return kept.getvalue()


def base64_jpeg(image: Image.Image) -> str:
    """Return the JPEG of a picture in Base64."""
    return base64.b64encode(jpeg(image)).decode("ascii")
