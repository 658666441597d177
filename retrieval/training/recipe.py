"""How long and how fast to learn, and what came of it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Recipe:
    """How long and how fast to learn: warm up over a share of the steps, then a cosine down to nothing."""

    steps: int
    rate: float = 1e-3
    warm_up: float = 0.3
    decay: float = 0.05


@dataclass(frozen=True, slots=True)
class Losses:
    """The mean loss of the first five steps and of the last five done now; NaN where nothing was left to do."""

    first: float
    last: float
