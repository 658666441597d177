"""A BERT that reads, in numpy: token ids in, one vector per token out. No training, no other framework.

For the small sentence models of this form, which are run whenever somebody searches: loading them takes a tenth of a
second, where a framework for all models takes seconds. Exact to the last digits of float32, so that its vectors are
those of any other program that runs the same weights (`benchmarks/text_model.py`).

Source: Devlin et al., BERT (2019), with the names of its published weights.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.spaces import Vectors

Linear = tuple[Vectors, Vectors]
"""Weights `(in, out)` and bias `(out,)`."""

ROWS = 256
"""Tokens that go through the wide middle of a layer together: few enough for the processor's cache."""

CURVED = 64
"""Tokens of these whose activation is calculated together: it takes many steps over the same numbers."""

ERF = (0.254829592, -0.284496736, 1.421413741, -1.453152027, 1.061405429)
ERF_SCALE = 0.3275911
"""The error function to 1.5e-7: Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26."""


@dataclass(frozen=True, slots=True, eq=False)
class _Layer:
    """Weights of a layer; `attend` makes queries, keys and values at once, the queries scaled as attention wants."""

    attend: Linear  # (width, 3 width)
    join: Linear  # (width, width)
    attended: Linear  # scale and shift, (width,) each
    widen: Linear  # (width, wide)
    narrow: Linear  # (wide, width)
    left: Linear


class Bert:
    """The encoder of a BERT, from a folder as transformers writes it: `config.json` and `model.safetensors`.

    Raises:
        OSError: a file is not there.
        ValueError: the files are no BERT of the usual form, or damaged.
    """

    def __init__(self, folder: Path) -> None:
        from safetensors import SafetensorError
        from safetensors.numpy import load_file

        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        if config.get("model_type") != "bert" or config.get("hidden_act") != "gelu":
            raise ValueError(f"{str(folder)!r} holds no BERT with the usual activation")
        try:
            parts = load_file(folder / "model.safetensors")
            self._words = parts["embeddings.word_embeddings.weight"]  # (words, width)
            first_kind = parts["embeddings.token_type_embeddings.weight"][0]
            self._places = parts["embeddings.position_embeddings.weight"] + first_kind  # (places, width)
            self._start = _scale(parts, "embeddings.LayerNorm")
            self._heads = int(config["num_attention_heads"])
            self._tiny = np.float32(config["layer_norm_eps"])
            layers = range(int(config["num_hidden_layers"]))
            self._layers = [_layer(parts, f"encoder.layer.{number}", self._heads) for number in layers]
        except (KeyError, SafetensorError) as error:
            raise ValueError(f"the weights in {str(folder)!r} cannot be read: {error}") from error

    @property
    def width(self) -> int:
        """How many numbers the vector of a token has."""
        return int(self._words.shape[1])

    def __call__(self, tokens: NDArray[np.int32], lengths: NDArray[np.int64]) -> Vectors:
        """Return a vector per token, float32 `(texts, longest, width)`; those behind a text's end mean nothing.

        Args:
            tokens: ids, one row a text, filled up with anything.  # (texts, longest)
            lengths: how many of them each text has.  # (texts,)
        """
        texts, longest = tokens.shape
        x = (self._words[tokens] + self._places[:longest]).reshape(texts * longest, -1)
        self._normalise(x, self._start)
        is_behind = np.arange(longest) >= lengths[:, None]
        hidden = np.where(is_behind, np.float32(-1e9), np.float32(0))[:, None, None, :] if is_behind.any() else None
        for layer in self._layers:
            seen = _linear(self._attention(_linear(x, layer.attend), texts, hidden), layer.join)
            seen += x
            x = self._normalise(seen, layer.attended)
            thought = _middle(x, layer)
            thought += x
            x = self._normalise(thought, layer.left)
        found: Vectors = x.reshape(texts, longest, -1)
        return found

    def _attention(self, made: Vectors, texts: int, hidden: Vectors | None) -> Vectors:
        """Return what each token takes from the others of its text.  # (tokens, 3 width) -> (tokens, width)."""
        apart = made.reshape(texts, len(made) // texts, 3, self._heads, -1)
        queries, keys, values = apart.transpose(2, 0, 3, 1, 4)  # (texts, heads, longest, width / heads) each
        shares = queries @ keys.swapaxes(-1, -2)  # (texts, heads, longest, longest)
        if hidden is not None:
            shares += hidden
        shares -= shares.max(axis=-1, keepdims=True)
        np.exp(shares, out=shares)
        shares /= shares.sum(axis=-1, keepdims=True)
        taken: Vectors = (shares @ values).transpose(0, 2, 1, 3).reshape(len(made), -1)
        return taken

    def _normalise(self, x: Vectors, scale: Linear) -> Vectors:
        """Bring each row to mean 0 and deviation 1, then to scale and shift; in place."""
        x -= x.mean(axis=1, keepdims=True)
        x /= np.sqrt(np.vecdot(x, x)[:, None] / np.float32(x.shape[1]) + self._tiny)
        x *= scale[0]
        x += scale[1]
        return x


def _middle(x: Vectors, layer: _Layer) -> Vectors:
    """Widen, bend and narrow again, some tokens at a time.  # (tokens, width), the same."""
    made = np.empty_like(x)
    for start in range(0, len(x), ROWS):
        wide = _linear(x[start : start + ROWS], layer.widen)
        for first in range(0, len(wide), CURVED):
            gelu(wide[first : first + CURVED])
        np.matmul(wide, layer.narrow[0], out=made[start : start + ROWS])
    made += layer.narrow[1]
    return made


def gelu(x: Vectors) -> None:
    """Replace x by x times the share of the normal distribution below x, in place.

    Of a = |x| the share above is erfc(a / sqrt 2) / 2, so x becomes max(x, 0) minus a times it.
    """
    size = np.abs(x)
    t = size * np.float32(ERF_SCALE / 2**0.5)
    t += np.float32(1)
    np.divide(np.float32(1), t, out=t)
    above = t * np.float32(ERF[-1] / 2)
    for factor in ERF[-2::-1]:
        above += np.float32(factor / 2)
        above *= t
    np.multiply(x, x, out=t)
    t *= np.float32(-0.5)
    np.exp(t, out=t)
    above *= t
    above *= size
    np.maximum(x, 0, out=x)
    x -= above


def _linear(x: Vectors, by: Linear) -> Vectors:
    made: Vectors = x @ by[0]
    made += by[1]
    return made


def _scale(parts: Mapping[str, Vectors], name: str) -> Linear:
    return parts[f"{name}.weight"], parts[f"{name}.bias"]


def _layer(parts: Mapping[str, Vectors], name: str, heads: int) -> _Layer:
    def linear(part: str) -> Linear:
        weights, bias = _scale(parts, f"{name}.{part}")
        return np.ascontiguousarray(weights.T), bias

    query, key, value = (linear(f"attention.self.{part}") for part in ("query", "key", "value"))
    root = np.float32((len(query[1]) / heads) ** 0.5)
    return _Layer(
        attend=(
            np.concatenate([query[0] / root, key[0], value[0]], axis=1),
            np.concatenate([query[1] / root, key[1], value[1]]),
        ),
        join=linear("attention.output.dense"),
        attended=_scale(parts, f"{name}.attention.output.LayerNorm"),
        widen=linear("intermediate.dense"),
        narrow=linear("output.dense"),
        left=_scale(parts, f"{name}.output.LayerNorm"),
    )
