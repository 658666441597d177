"""What is learned from: batches as values.

Whoever teaches gives a function from the step to its batch, so that a training that was interrupted goes on with the
batches that it would have seen.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Pictures = NDArray[np.uint8]
"""RGB, `(count, height, width, 3)`."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pictures with a text each. `matches[i, j]` tells whether picture i is as text j says; the diagonal is true."""

    pictures: Pictures
    texts: tuple[str, ...]
    matches: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Questions:
    """Pictures, and for each some questions with their answers; where `pictures` is None, `contexts` tells it all."""

    pictures: Pictures | None
    asked: tuple[tuple[tuple[str, str], ...], ...]
    contexts: tuple[str, ...] = ()
