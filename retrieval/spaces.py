"""Vector spaces: what a vector was made by, and which of them can be compared."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


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
class IndexSpaces:
    """The spaces of an index; `frames` is None where no picture encoder is set up."""

    text: Space
    frames: Space | None


def unit(vectors: Vectors) -> Vectors:
    """Scale each row to length 1; a row of zeros stays zeros."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), np.float32)
