"""Checkpoints of a training: written whole every few minutes, so that an interrupted training goes on where it was."""

import time
from pathlib import Path
from typing import Any

EVERY = 300.0
"""Seconds between two checkpoints."""


class Checkpoints:
    """The one checkpoint of one stage of a training, in a file."""

    def __init__(self, path: Path, every: float = EVERY) -> None:
        self._path, self._every = path, every
        self._last = time.monotonic()

    def resume(self, recipe: object, **parts: Any) -> int:
        """Load the parts (models, optimizers: what has a state) and return the next step.

        Returns 0 without a checkpoint, and where it is one of another recipe.
        """
        import torch

        if not self._path.exists():
            return 0
        saved = torch.load(self._path, weights_only=True)
        if saved["recipe"] != repr(recipe):
            return 0
        for name, part in parts.items():
            part.load_state_dict(saved[name])
        torch.set_rng_state(saved["chance"])
        return int(saved["step"])

    def keep(self, recipe: object, step: int, force: bool = False, **parts: Any) -> bool:
        """Write a checkpoint when it is time for one, or when forced; tell whether it was."""
        import torch

        if not force and time.monotonic() - self._last < self._every:
            return False
        self._path.parent.mkdir(parents=True, exist_ok=True)
        whole = self._path.with_suffix(".part")
        states = {name: part.state_dict() for name, part in parts.items()}
        torch.save({"recipe": repr(recipe), "step": step, "chance": torch.get_rng_state(), **states}, whole)
        whole.replace(self._path)
        self._last = time.monotonic()
        return True
