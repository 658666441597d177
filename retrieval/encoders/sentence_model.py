"""Sentences as vectors by any model of sentence-transformers: from the hub, or from a folder."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from retrieval.encoders.base import TextInWords
from retrieval.encoders.devices import ChosenDevice, best
from retrieval.encoders.word_pieces import Cut, cut_into, encodable, is_known, told_in_words
from retrieval.errors import MissingModel
from retrieval.spaces import Space, Vectors, unit

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

BATCH = 64

SET_MODEL = "Set VDIALOG_TEXT_MODEL=packaged for the weights that come with Video Dialog."


class SentenceModel:
    """A sentence-transformers model as TextEncoder and WordEncoder.

    Args:
        model: a name on the hub whose files were fetched before, or a local folder.
        device: what it is calculated on.
        name: what its space is called; as the model unless given.

    Raises:
        MissingModel: the weights are not there.
    """

    def __init__(self, model: str, device: ChosenDevice = "cpu", name: str = "") -> None:
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging as chatter

        logging.getLogger("sentence_transformers").setLevel(logging.WARNING)
        chatter.set_verbosity_error()  # type: ignore[no-untyped-call]
        chatter.disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            self._model: SentenceTransformer = SentenceTransformer(model, device=best(device), local_files_only=True)
        except (OSError, ValueError) as error:
            raise MissingModel(
                f"the text model {model!r} cannot be loaded: {str(error).splitlines()[0]}",
                SET_MODEL,
            ) from error
        self._space = Space(name or Path(model).name, int(self._model.get_embedding_dimension() or 0))

    @property
    def space(self) -> Space:
        """The model's name and dimension."""
        return self._space

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector per text, float32 `(texts, dimension)`."""
        if not texts:
            return np.zeros((0, self._space.dimension), np.float32)
        vectors = self._model.encode(
            [encodable(text) for text in texts],
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
            found += self._read([encodable(text) for text in texts[start : start + BATCH]])
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
            read = self._model({name: part.to(self._model.device) for name, part in tokens.items()})
        vectors, pieces = unit(read["sentence_embedding"].cpu().numpy()), read["token_embeddings"].cpu().numpy()
        return [
            told_in_words(Cut(text, tokens.word_ids(row), offsets[row]), vectors[row], pieces[row])
            for row, text in enumerate(texts)
        ]

    def pieces(self, text: str, size: int) -> list[str]:
        """Cut a text into consecutive pieces of at most `size` word pieces."""
        clean = encodable(text)
        cut = self._model.tokenizer(clean, add_special_tokens=False, return_offsets_mapping=True, verbose=False)
        return cut_into(clean, cut["offset_mapping"], size)

    def knows(self, word: str) -> bool:
        """Tell whether a word, or what it is a form of, is a token of its own: of common words each is one."""
        return is_known(word, self._tokens.__contains__)

    @cached_property
    def _tokens(self) -> frozenset[str]:
        return frozenset(self._model.tokenizer.get_vocab())


def check_folder(model: str) -> None:
    """Refuse a folder that is not there, without loading anything; a name on the hub is left to the loader.

    Raises:
        MissingModel: it is not there.
    """
    is_path = model.startswith((".", "~")) or Path(model).is_absolute()
    if is_path and not Path(model).is_dir():
        raise MissingModel(f"there is no folder of a text model {model!r}", SET_MODEL)
