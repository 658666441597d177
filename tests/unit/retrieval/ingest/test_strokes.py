import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from retrieval.ingest.strokes import may_show_text


def _picture(text: str = "", size: int = 24, ground: tuple[int, int, int] = (40, 60, 90)) -> NDArray[np.uint8]:
    image = Image.new("RGB", (640, 360), ground)
    if text:
        ImageDraw.Draw(image).text((30, 150), text, fill="white", font=ImageFont.load_default(size=size))
    return np.array(image)


@pytest.mark.parametrize("size", [12, 16, 24, 48])
def test_a_frame_with_type_passes_the_test_for_strokes(size: int) -> None:
    assert may_show_text(_picture("Gate 4: boarding", size))
