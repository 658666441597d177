"""Keyframes of films as their codecs have written them."""

from pathlib import Path

import pytest

from retrieval.ingest.survey import survey
from tests.films import RATE, film
from tests.unit.retrieval.ingest.child.test_keyframes import titled


def test_a_lasting_change_between_codec_keyframes_is_kept(tmp_path: Path) -> None:
    frames = [(n / RATE, titled(float(n >= 40))) for n in range(100)]
    path = film(tmp_path / "title.mkv", frames, options={"preset": "ultrafast", "g": "25"})
    times = [keyframe.time for keyframe in survey(path, tmp_path / "keyframes").keyframes]
    assert any(time >= 1.6 for time in times)


@pytest.mark.data
def test_words_on_the_screen_of_a_real_film_are_kept(data: Path, tmp_path: Path) -> None:
    from rapidocr import RapidOCR

    found = survey(data / "videos" / "big_buck_bunny_0_30.webm", tmp_path)
    near = [keyframe for keyframe in found.keyframes if 21.0 <= keyframe.time <= 22.8]
    read = RapidOCR()(str(near[0].path))
    assert "PEACH OPEN MOVIE" in " ".join(read.txts)
