"""Both engines rank alike: the benchmark's own comparison, by an encoder without weights."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.opensearch.node import Node

sys.path.append(str(Path(__file__).parents[3] / "benchmarks"))

from fusion import Asked, sentences  # noqa: E402
from opensearch_parity import Engines, compared, dropped_and_made_anew, opened  # noqa: E402

from retrieval.encoders.hashing import HashingTextEncoder  # noqa: E402

pytestmark = [pytest.mark.opensearch, pytest.mark.data, pytest.mark.slow]

QUESTIONS = 200
"""The benchmark asks a thousand, of vectors by a real model."""


@pytest.fixture(scope="module")
def asked(data: Path) -> list[Asked]:
    return sentences(data / "activitynet_captions" / "val_2_dev.json", QUESTIONS, seed=7)


@pytest.fixture(scope="module")
def engines(data: Path, node: Node, asked: list[Asked], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engines]:
    with opened(data, tmp_path_factory.mktemp("library"), node.url, HashingTextEncoder(64), asked, 32) as both:
        yield both


def test_lists_are_the_same_by_exact_search_and_nearly_so_by_words(engines: Engines, asked: list[Asked]) -> None:
    parity = compared(engines, asked)
    for name in ("keywords", "meaning, exact", "plain sentence, exact", "frames, exact", "fused, same keyword scores"):
        assert parity.same[name] == 1.0, name
    assert parity.overlap["keywords"] >= 0.964  # measured: 0.974
    assert parity.overlap["fused"] >= 0.99  # measured: 1.0
    assert parity.mrr_apart("fused") <= 0.01


def test_an_index_that_was_dropped_is_made_anew_with_the_same_results(engines: Engines, asked: list[Asked]) -> None:
    assert dropped_and_made_anew(engines, asked) == 1.0
