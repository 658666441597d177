"""The real recogniser of words on the screen."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from retrieval.ingest.ocr import unavailable
from retrieval.ingest.screen import ScreenReader
from retrieval.ingest.screen_texts import screen_texts


@pytest.mark.models
def test_the_recogniser_reads_type_with_its_spaces(capfd: pytest.CaptureFixture[str]) -> None:
    assert unavailable() is None
    image = Image.new("RGB", (640, 360), (40, 60, 90))
    ImageDraw.Draw(image).text((30, 150), "Energy is conserved", fill="white", font=ImageFont.load_default(size=24))
    assert ScreenReader(threads=1).read(np.array(image)) == ["Energy is conserved"]
    assert capfd.readouterr() == ("", "")


@pytest.mark.data
@pytest.mark.models
def test_the_opening_title_of_the_rabbit_film_is_read_where_it_stands(data: Path) -> None:
    import av

    reader, readings = ScreenReader(threads=1), []
    with av.open(str(data / "videos" / "big_buck_bunny_0_30.webm")) as container:
        for frame in container.decode(video=0):
            if frame.time is not None and frame.time >= 19 + len(readings):
                readings.append((frame.time, reader.read(frame.to_ndarray(format="rgb24"))))
            if len(readings) == 6:
                break

    titles = [text for text in screen_texts(readings) if "PEACH OPEN MOVIE PROJECT PRESENTS" in text.text]

    assert len(titles) == 1
    assert 20.5 <= titles[0].span.start < titles[0].span.end <= 23
