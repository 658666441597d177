"""The packaged text model is read without a framework, and its vectors are those that sentence-transformers makes.

`benchmarks/text_model.py` compares ten thousand sentences.
"""

import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from demo.stories import FILMS
from retrieval.encoders.minilm import MiniLM, packaged
from retrieval.encoders.sentence_model import SentenceModel

pytestmark = pytest.mark.models

SPOKEN = [text.text for film in FILMS for text in film.subtitle_texts]
ODD = [
    *("", "?!", "x " * 700, "东京 タワー", "\ud800 wi-fi", "naïve café ½", "[SEP] the [MASK]", "a" * 150),
    *("\u0130stanbul \ufb01ne", "e\u0301te\u0301 \N{SLIGHTLY SMILING FACE}", " a\tb\x00c ", "can't, won't: wi-fi."),
]
TEXTS = [*ODD, *SPOKEN, *(" ".join(SPOKEN[start : start + 25]) for start in range(0, len(SPOKEN), 25))]


@pytest.fixture(scope="module")
def ours() -> MiniLM:
    return MiniLM()


@pytest.fixture(scope="module")
def theirs() -> SentenceModel:
    return SentenceModel(str(packaged()))


def test_each_vector_is_that_of_sentence_transformers(ours: MiniLM, theirs: SentenceModel) -> None:
    assert np.vecdot(ours.encode(TEXTS), theirs.encode(TEXTS)).min() > 0.99999


def test_each_text_has_the_same_words_and_these_the_same_vectors(ours: MiniLM, theirs: SentenceModel) -> None:
    for mine, other in zip(ours.in_words(TEXTS), theirs.in_words(TEXTS), strict=True):
        assert mine.words == other.words
        assert mine.vector @ other.vector > 0.99999
        assert np.vecdot(mine.vectors, other.vectors) == pytest.approx(np.ones(len(mine.words)), abs=1e-4)


def test_texts_are_cut_and_words_are_known_alike(ours: MiniLM, theirs: SentenceModel) -> None:
    assert [ours.pieces(text, 20) for text in TEXTS] == [theirs.pieces(text, 20) for text in TEXTS]
    words = {word for text in TEXTS for word in text.lower().split()}
    assert {word for word in words if ours.knows(word)} == {word for word in words if theirs.knows(word)}


def test_rankings_are_the_same(ours: MiniLM, theirs: SentenceModel) -> None:
    questions = [f"Where is it said: {text[: len(text) // 2]}?" for text in SPOKEN[::5]]
    mine, other = (encoder.encode(questions) @ encoder.encode(SPOKEN).T for encoder in (ours, theirs))
    assert (np.argsort(-mine, kind="stable")[:, :10] == np.argsort(-other, kind="stable")[:, :10]).mean() > 0.995


def test_several_threads_give_what_one_gives_and_may_ask_at_once(ours: MiniLM) -> None:
    alone, found = MiniLM(threads=1).encode(TEXTS), {}

    def ask(number: int) -> None:
        found[number] = ours.encode(TEXTS)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 3
    assert all(np.abs(vectors - alone).max() < 1e-5 for vectors in found.values())


def test_numpy_has_its_threads_back_afterwards(ours: MiniLM) -> None:
    from threadpoolctl import threadpool_info

    def threads() -> list[int]:
        return [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]

    before = threads()
    ours.encode(SPOKEN)
    assert threads() == before


def test_no_framework_is_loaded_for_it() -> None:
    program = (
        "import sys\nfrom retrieval.encoders.minilm import MiniLM\nMiniLM().in_words(['a dog'])\n"
        "print([m for m in ('torch', 'transformers', 'sentence_transformers', 'scipy') if m in sys.modules])"
    )
    root = Path(__file__).parents[3]
    ran = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"
