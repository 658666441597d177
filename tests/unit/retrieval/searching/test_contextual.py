import numpy as np
import pytest

from retrieval.encoders.hashing import HashingTextEncoder
from retrieval.searching import contextual
from retrieval.searching.contextual import VideoTexts
from retrieval.types import TimeSpan

ENCODER = HashingTextEncoder()


def said(*texts: str, step: float = 5.0) -> VideoTexts:
    return VideoTexts(tuple(TimeSpan(i * step, (i + 1) * step) for i in range(len(texts))), texts)


def test_a_context_is_the_sentence_its_window_and_its_video() -> None:
    found = contextual.encode(ENCODER, [said("a dog", "a cat", "a horse", "a bird")])[0][1]
    one, window, whole = ENCODER.encode(["a cat", "a dog a cat a horse", "a dog a cat a horse a bird"])
    assert found is not None
    assert found[0] == pytest.approx(one)
    assert found[1] == pytest.approx(one + 0.7 * window + 0.5 * whole, abs=1e-6)


def test_moments_without_text_have_no_vector_and_are_no_neighbours() -> None:
    with_gap = contextual.encode(ENCODER, [said("a dog", "", "a cat")])[0]
    without = contextual.encode(ENCODER, [said("a dog", "a cat")])[0]
    assert with_gap[1] is None
    assert with_gap[2] is not None
    assert without[1] is not None
    assert with_gap[2][1] == pytest.approx(without[1][1])


def test_the_text_of_a_long_video_is_taken_by_chapters_of_ten_minutes() -> None:
    video = said("a dog", "a cat", "a horse", step=600.0)
    found = contextual.encode(ENCODER, [video])[0][2]
    one, window = ENCODER.encode(["a horse", "a cat a horse"])
    assert found is not None
    assert found[1] == pytest.approx(one + 0.7 * window + 0.5 * one, abs=1e-6)


def test_a_long_text_is_the_mean_of_its_pieces() -> None:
    long = " ".join(f"word{i}" for i in range(350))
    found = contextual.encode(ENCODER, [said(long)])[0][0]
    pieces = ENCODER.encode([" ".join(long.split()[:200]), " ".join(long.split()[200:])])
    one = ENCODER.encode([long])[0]
    assert found is not None
    assert found[1] == pytest.approx(one * 1.7 + 0.5 * np.mean(pieces, axis=0), abs=1e-6)


def test_videos_encoded_together_do_not_mix() -> None:
    both = contextual.encode(ENCODER, [said("a dog"), said("a cat")])
    alone = contextual.encode(ENCODER, [said("a cat")])
    assert both[1][0] is not None
    assert alone[0][0] is not None
    assert both[1][0][1] == pytest.approx(alone[0][0][1])
