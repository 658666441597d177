"""Vector spaces and arms as data: what a library keeps vectors of, and what ranks its moments.

A *kind* says what is encoded and under which name: whatever holds vectors follows from it (rows of the catalogue,
columns of an index). An *arm* is one way to rank moments: by words, or by a column of vectors. `TEXT` and `FRAMES` with
the three arms below come with every library. Another space is registered with its encoder (`retrieval.encoders.lazy`),
and brings an arm of its name.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import SpaceMismatch

Vectors = NDArray[np.float32]

WordVectors = NDArray[np.int8]
"""Vectors of a text's words as they are kept, `(words, WORD_NUMBERS)`: unit vectors times 127, rounded."""

WORD_NUMBERS = 128
"""Numbers of a word's vector that are kept."""

PlacedVectors = Mapping[str, Mapping[float, Vectors | WordVectors]]
"""Vectors of one video: by their name, then by place: a moment's number from 1, a keyframe's time, 0 for the video."""

Encodes = Literal["text", "frames", "clips", "videos"]
"""What one vector is made of: a moment's text, a keyframe, frames of a moment's span, frames of the whole video."""

NOUNS: dict[Encodes, str] = {"text": "text", "frames": "picture", "clips": "clip", "videos": "video"}
"""What encoders of each kind are called."""

WHOLE_VIDEO = 0.0
"""The place of a vector that stands for a whole video."""


@dataclass(frozen=True, slots=True)
class Space:
    """A vector space: the model that made it, its dimension, and how its vectors compare.

    Stored with every index; vectors of another space are refused by name.
    """

    name: str
    dimension: int
    metric: Literal["dot", "cosine"] = "cosine"

    def __str__(self) -> str:
        return f"{self.name} ({self.dimension}, {self.metric})"


@dataclass(frozen=True, slots=True)
class Column:
    """Vectors of one kind in an index: what they are called, their length, and what each of them stands for.

    Rows of keyframes have those of keyframes, rows of moments all others. `is_ranked` tells that an arm asks for the
    nearest of all, so that a large index needs help with it.
    """

    name: str
    dimension: int
    of: Literal["moment", "keyframe", "video"]
    is_ranked: bool = True


@dataclass(frozen=True, slots=True)
class SpaceKind:
    """What a library keeps vectors of, whatever model makes them. The name is part of names in tables.

    Raises:
        ValueError: the name cannot be part of a column's, or is that of an arm of every library.
    """

    name: str
    encodes: Encodes

    def __post_init__(self) -> None:
        if not re.fullmatch("[a-z][a-z0-9_]{0,30}", self.name) or self.name in _TAKEN:
            raise ValueError(f"no space can be called {self.name!r}")

    @property
    def column(self) -> str:
        """The name of the vectors that an arm ranks by."""
        return {"text": "moment_vec", "frames": "clip_vec"}.get(self.name, f"{self.name}_vec")

    @property
    def kept(self) -> tuple[str, ...]:
        """The names of the vectors that the catalogue keeps; of texts as `retrieval.searching.contextual` says."""
        return ("caption_vec", "context_vec", "words_vec") if self.name == "text" else (self.column,)

    def columns(self, dimension: int) -> tuple[Column, ...]:
        """Return the columns of an index: for texts the plain sentence, and its context sum with two numbers more."""
        if self.name == "text":
            return (
                Column("caption_vec", dimension, "moment", is_ranked=False),
                Column("moment_vec", dimension + 2, "moment"),
            )
        of: dict[Encodes, Literal["keyframe", "video"]] = {"frames": "keyframe", "videos": "video"}
        return (Column(self.column, dimension, of.get(self.encodes, "moment")),)


_TAKEN = frozenset({"keywords", "meaning", "caption", "context", "moment", "clip"})

TEXT = SpaceKind("text", "text")
FRAMES = SpaceKind("frames", "frames")


@dataclass(frozen=True, slots=True)
class Arm:
    """One way to rank moments.

    Attributes:
        name: what `search --arm` and the hits call it.
        kind: the vectors that it ranks by; None for words.
        weight: how much it counts beside the others; an arm that never counts is asked by its name alone.
        weight_seen: the same where nobody but a vision model tells of the moments.
        weight_heard: the same where moments have words that were spoken or read on screen; None where it is no other.
    """

    name: str
    kind: SpaceKind | None
    weight: float = 0.0
    weight_seen: float = 0.0
    weight_heard: float | None = None


KEYWORDS_ARM = Arm("keywords", None, 0.03, 0.6, 0.33)
MEANING_ARM = Arm("meaning", TEXT, 1.0, 0.05)
FRAMES_ARM = Arm("frames", FRAMES, 0.3, 1.0)
ARMS = (KEYWORDS_ARM, MEANING_ARM, FRAMES_ARM)
"""Weights as tuned by `benchmarks/fusion.py`, and on worlds of `vdialog evaluate world` with seeds from 101 on."""


@dataclass(frozen=True, slots=True)
class IndexSpaces:
    """The spaces of an index: the kinds for which there are encoders, each with the space of its encoder."""

    held: tuple[tuple[SpaceKind, Space], ...]

    @staticmethod
    def of(spaces: Mapping[SpaceKind, Space]) -> "IndexSpaces":
        """Return the same spaces for the same mapping, in whatever order they were registered."""
        return IndexSpaces(tuple(sorted(spaces.items(), key=lambda item: (item[0] != TEXT, item[0].name))))

    def space(self, kind: SpaceKind) -> Space | None:
        """Return the space of a kind, None where the index has none."""
        return dict(self.held).get(kind)

    @property
    def columns(self) -> tuple[Column, ...]:
        """All columns of vectors."""
        return tuple(column for kind, space in self.held for column in kind.columns(space.dimension))

    @property
    def of_moments(self) -> tuple[Column, ...]:
        """The columns in rows of moments."""
        return tuple(column for column in self.columns if column.of != "keyframe")

    @property
    def of_keyframes(self) -> tuple[Column, ...]:
        """The columns in rows of keyframes."""
        return tuple(column for column in self.columns if column.of == "keyframe")

    def column(self, name: str) -> Column:
        """Return a column.

        Raises:
            SpaceMismatch: the index has none of this name.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise SpaceMismatch(
            f"this index holds no vectors {name!r}", "Set the weights of their encoder, then run `vdialog reindex`."
        )

    def __str__(self) -> str:
        return ", ".join(f"{NOUNS[kind.encodes]}s by {space}" for kind, space in self.held)


def unit(vectors: Vectors) -> Vectors:
    """Scale each row to length 1; a row of zeros stays zeros."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), np.float32)
