"""Each word, title and phrase is found, and nearly each word with a slip: a part of what the benchmark counts."""

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[3] / "benchmarks"))

from each_word import TextLibrary, libraries, measure, sample_films  # noqa: E402

from retrieval.encoders.lazy import Encoders  # noqa: E402
from retrieval.encoders.minilm import MiniLM  # noqa: E402

pytestmark = [pytest.mark.models, pytest.mark.slow]
LEAST_SLIPS = 0.9


def check(asked: Sequence[tuple[TextLibrary, int]]) -> None:
    slips, missed = 0, []
    for library, share in asked:
        found = measure(library, Encoders(MiniLM), share, seed=4)
        for kind in ("words", "names", "phrases"):
            assert not found[kind][1], f"{library.name}, {kind}"
        slips += found["slips"][0]
        missed += found["slips"][1]
    assert len(missed) <= (1 - LEAST_SLIPS) * slips, missed


def test_each_word_name_and_phrase_of_the_sample_films_is_found() -> None:
    check([(sample_films(), 6)])


@pytest.mark.data
def test_each_word_name_and_phrase_of_real_clips_is_found(data: Path) -> None:
    _, clips, _ = libraries(data)
    check([(clips, 10)])
