"""A test that tells in a millisecond or two where a frame cannot show text."""

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SHORT_SIDE = 400
"""Pixels of a frame's shorter side in the test for strokes."""

STROKE_CONTRAST = 36
STROKE_WINDOW = 32
STROKE_ROWS = 4
STROKES = 2
"""So many strokes of that contrast (of 255) side by side in a window this wide, on so many rows, may be text.

Of 1,417 texts drawn on real frames (3 to 12 % of the height) the test lost three. The recogniser could read one of
them: white on a white wall.
"""


def may_show_text(image: "NDArray[np.uint8]") -> bool:
    """Tell whether a frame has strokes side by side, as any line of text has.

    Args:
        image: RGB, 0 to 255.  # (height, width, 3)
    """
    return bool(strokes(np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.uint8)).any())


def strokes(gray: "NDArray[np.uint8]") -> "NDArray[np.bool_]":
    """Return where strokes stand side by side, on a grey frame that was made smaller: (rows, columns)."""
    if min(gray.shape) < STROKE_ROWS:
        return np.zeros((1, 1), np.bool_)
    scale = SHORT_SIDE / min(gray.shape)
    if scale < 1:
        gray = np.asarray(cv2.resize(gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    slope = gray[:, 2:].astype(np.int16) - gray[:, :-2]
    beside = np.minimum(_starts_beside(slope > STROKE_CONTRAST), _starts_beside(slope < -STROKE_CONTRAST))
    lasting = cv2.erode(beside, np.ones((STROKE_ROWS, 1), np.uint8))
    return np.asarray(lasting >= STROKES)


def _starts_beside(edge: "NDArray[np.bool_]") -> "NDArray[np.uint8]":
    """Count, for each pixel, the edges that begin in the window around it on its row."""
    begins = (edge[:, 1:] & ~edge[:, :-1]).astype(np.uint8)
    counts = cv2.boxFilter(begins, -1, (STROKE_WINDOW, 1), normalize=False, borderType=cv2.BORDER_CONSTANT)
    return np.asarray(counts, np.uint8)
