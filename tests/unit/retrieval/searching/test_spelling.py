import random
from collections import Counter
from collections.abc import Iterable
from string import ascii_lowercase

import pytest

from retrieval.analysis import spelt, terms, vocabulary
from retrieval.searching.spelling import Said, Spellings, as_written, mended

TEXTS = [
    "Roger Daltrey throws a microphone.",
    "Siobh\u00e1n O\u2019Brien sings in the harbour.",
    "The harbour workshop has a drop box.",
    "Roger repairs the Wi-Fi at the workshop.",
]
ENGLISH = {"shower", "lodger"}


def said(texts: Iterable[str] = TEXTS) -> Said:
    stems = {stem for text in texts for stem in terms(text)}
    found = Counter(word for text in texts for word in vocabulary(text))
    return Said(
        known=lambda wanted: stems.intersection(wanted),
        holds=lambda phrase: any(f" {phrase} " in f" {spelt(text)[0]} " for text in texts),
        spellings=lambda: Spellings(found),
        is_word=ENGLISH.__contains__,
    )


@pytest.mark.parametrize(
    ("typed", "meant", "words"),
    [
        ("rodger daultrey", "roger daltrey", {"rodger": "roger", "daultrey": "daltrey"}),
        ("Siobahn O'Brian?", "siobhan obrien?", {"Siobahn": "siobhan", "O'Brian": "obrien"}),
        ("siobhan obrien", "siobhan obrien", {}),
        ("the habrour", "the harbour", {"habrour": "harbour"}),
        ("mircophoen", "microphone", {"mircophoen": "microphone"}),
        ("a dropbox", "a drop box", {"dropbox": "drop box"}),
        ("the work shop", "the workshop", {"work shop": "workshop"}),
        ("wi fi", "wi fi", {}),
        ("shower", "shower", {}),
        ("rogr", "rogr", {}),
        ("roger5 habrour2", "roger5 habrour2", {}),
        ("doesnt", "doesnt", {}),
        ("", "", {}),
    ],
)
def test_what_no_text_holds_is_mended_by_the_words_of_the_texts(typed: str, meant: str, words: dict[str, str]) -> None:
    found = mended(typed, said())
    assert (found.text, dict(found.words)) == (meant, words)


def test_words_of_a_phrase_stay_as_they_are() -> None:
    assert mended("habrour rodger", said(), kept={"habrour"}).words == {"rodger": "roger"}


def test_the_nearest_word_is_taken_then_the_most_frequent() -> None:
    assert Spellings({"baker": 9, "maker": 1, "faker": 20}).nearest("maker") == "maker"
    assert Spellings({"taker": 2, "baker": 9}).nearest("xaker") == "baker"
    assert Spellings({"wander": 9, "winder": 1}).nearest("wonder") == "wander"
    assert Spellings({"wander": 9}).nearest("thunder") is None


def test_another_text_is_mended_by_the_same_words() -> None:
    assert mended("the habrour of rodger", said()).of("habrour, not harbours") == "harbour, not harbours"


def test_a_word_is_shown_as_the_texts_write_it() -> None:
    assert as_written("daltrey", ["no", "It is Daltrey's."]) == "Daltrey"
    assert as_written("siobhan", TEXTS) == "Siobh\u00e1n"
    assert as_written("obrien", TEXTS) == "O\u2019Brien"
    assert as_written("nobody", TEXTS) == "nobody"


def test_one_slip_in_a_long_word_is_mended_wherever_it_is() -> None:
    rng, words = random.Random(5), ["daltrey", "microphone", "harbour", "workshop", "siobhan"]
    for _ in range(200):
        word = rng.choice(words)
        at = rng.randrange(len(word) - 1)
        slips = [word[:at] + word[at + 1 :], word[:at] + rng.choice(ascii_lowercase) + word[at:]]
        slips.append(word[:at] + word[at + 1] + word[at] + word[at + 2 :])
        assert mended(rng.choice(slips), said()).text == word
