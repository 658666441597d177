"""Cuts of films as their codecs have written them."""

from pathlib import Path

import numpy as np
import pytest

from retrieval.ingest.survey import survey
from tests.films import film, shots


def test_cuts_in_a_film_are_found_wherever_its_codec_keyframes_lie(tmp_path: Path) -> None:
    lengths = [(1, 1.2), (2, 0.6), (1, 0.8), (3, 2.0), (4, 0.5), (5, 1.7), (4, 1.0), (6, 3.5), (7, 0.9)]
    true = np.cumsum([seconds for _, seconds in lengths])[:-1]
    for keyframes_each in ("12", "50", "250"):
        options = {"preset": "ultrafast", "sc_threshold": "0", "g": keyframes_each}
        path = film(tmp_path / f"{keyframes_each}.mkv", shots(*lengths), options=options)
        found = [shot.span.start for shot in survey(path, tmp_path / keyframes_each).shots[1:]]
        assert found == pytest.approx(list(true), abs=0.05)


@pytest.mark.data
def test_cuts_of_a_real_film_are_found(data: Path, tmp_path: Path) -> None:
    found = survey(data / "videos" / "big_buck_bunny_0_30.webm", tmp_path)
    assert [shot.span.end for shot in found.shots] == pytest.approx([11.8, 15.7, 22.96, 30.0], abs=0.1)
