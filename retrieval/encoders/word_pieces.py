"""What follows from how a tokenizer cuts a text into words and pieces of words, whatever model reads them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.analysis import terms
from retrieval.encoders.base import TextInWords
from retrieval.spaces import Vectors, unit


@dataclass(frozen=True, slots=True)
class Cut:
    """A text and its pieces: of which word each is, None for marks of the model, and where in the text it stands."""

    text: str
    words: Sequence[int | None]
    places: Sequence[tuple[int, int]]


def encodable(text: str) -> str:
    """Replace what no tokenizer takes, half characters (lone surrogates), by question marks."""
    return text.encode("utf-8", "replace").decode("utf-8")


def told_in_words(cut: Cut, whole: Vectors, pieces: Vectors) -> TextInWords:
    """Return a text with its words: a word is the mean of its pieces, and signs are none.

    Args:
        cut: the text.
        whole: its unit vector.  # (dimension,)
        pieces: a vector for each of its pieces.  # (pieces, dimension)
    """
    of_word: dict[int, list[int]] = {}
    for at, number in enumerate(cut.words):
        if number is not None:
            of_word.setdefault(number, []).append(at)
    written = [(cut.text[cut.places[at[0]][0] : cut.places[at[-1]][1]], at) for at in of_word.values()]
    named = [(word.lower(), at) for word, at in written if any(sign.isalnum() for sign in word)]
    means = np.array([pieces[at].mean(axis=0) for _, at in named], np.float32)
    return TextInWords(whole, tuple(word for word, _ in named), unit(means.reshape(len(named), len(whole))))


def cut_into(text: str, places: Sequence[tuple[int, int]], size: int) -> list[str]:
    """Cut a text into consecutive parts of at most `size` of its pieces, which stand at these places."""
    cuts = [places[i][0] for i in range(0, len(places), size)] + [len(text)]
    return [text[a:b].strip() for a, b in zip(cuts, cuts[1:], strict=False)]


def is_known(word: str, is_piece: Callable[[str], bool]) -> bool:
    """Tell whether a word, or what it is a form of, is a piece of its own: of common words each is one."""
    (stem,) = terms(word)[:1] or [word]
    return any(is_piece(form) for form in (word, stem, f"{stem}e"))
