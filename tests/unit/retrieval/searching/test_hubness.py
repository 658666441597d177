import numpy as np
import pytest

from retrieval.catalogue.banks import Bank
from retrieval.searching import hubness
from retrieval.searching.contextual import LONGEST_SUM
from retrieval.spaces import Vectors, unit


def vectors(count: int, seed: int = 0, length: float = 1.0) -> Vectors:
    return unit(np.random.default_rng(seed).standard_normal((count, 16)).astype(np.float32)) * np.float32(length)


def test_the_stored_cosine_orders_exactly_as_similarity_less_hubness() -> None:
    contexts = vectors(50, 1) * np.linspace(0.5, LONGEST_SUM, 50, dtype=np.float32)[:, None]
    bank = Bank(vectors(200, 2), ("other",) * 200, 200)
    corrections = hubness.hubness(contexts, "mine", bank)
    query = vectors(1, 3)[0]
    cosines = hubness.stored(contexts, corrections) @ hubness.asked(query)
    slow = [float(query @ c) - float(h) for c, h in zip(contexts, corrections, strict=True)]
    assert [hubness.similarity(c) for c in cosines] == pytest.approx(slow, abs=1e-5)


def test_stored_vectors_have_length_one() -> None:
    contexts = vectors(5, length=LONGEST_SUM)
    rows = hubness.stored(contexts, np.full(5, hubness.WEIGHT * LONGEST_SUM, np.float32))
    assert np.linalg.norm(rows, axis=1) == pytest.approx(np.ones(5), abs=1e-5)


def test_hubness_is_half_the_mean_of_the_twenty_nearest() -> None:
    contexts, bank = vectors(3, 1), vectors(100, 2)
    found = hubness.hubness(contexts, "mine", Bank(bank, ("other",) * 100, 100))
    slow = [0.5 * np.mean(sorted((float(c @ b) for b in bank), reverse=True)[:20]) for c in contexts]
    assert found == pytest.approx(slow, abs=1e-5)


def test_a_videos_own_sentences_do_not_count() -> None:
    contexts = vectors(2, 1)
    others = vectors(30, 2)
    bank = Bank(np.concatenate([contexts, others]), ("mine", "mine", *(["other"] * 30)), 32)
    alone = hubness.hubness(contexts, "mine", Bank(others, ("other",) * 30, 30))
    assert hubness.hubness(contexts, "mine", bank) == pytest.approx(alone)
    assert hubness.hubness(contexts, "mine", Bank(contexts, ("mine", "mine"), 2)).tolist() == [0, 0]


def test_the_mean_of_the_collection_is_taken_off() -> None:
    contexts, bank = vectors(3, 1), vectors(100, 2)
    plain, centred = (hubness.hubness(contexts, "mine", Bank(bank, ("other",) * 100, 100, mean)) for mean in (0.0, 0.2))
    assert centred == pytest.approx(plain - 0.2, abs=1e-6)


def test_without_a_bank_nothing_is_corrected() -> None:
    assert hubness.hubness(vectors(3), "mine", None).tolist() == [0, 0, 0]


def test_a_new_bank_is_due_when_there_is_enough_and_at_each_doubling() -> None:
    assert not hubness.is_due(None, hubness.SMALLEST_BANK - 1)
    assert hubness.is_due(None, hubness.SMALLEST_BANK)
    bank = Bank(vectors(3), ("a", "b", "c"), 600)
    assert not hubness.is_due(bank, 1_199)
    assert hubness.is_due(bank, 1_200)


def test_the_sentences_of_a_bank_do_not_depend_on_their_order() -> None:
    names = [f"v{i}:1" for i in range(hubness.BANK_SIZE + 500)]
    drawn = {names[i] for i in hubness.chosen(names)}
    backwards = names[::-1]
    assert len(drawn) == hubness.BANK_SIZE
    assert {backwards[i] for i in hubness.chosen(backwards)} == drawn
