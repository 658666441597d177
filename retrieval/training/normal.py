"""From raw pictures to a model's input."""

from dataclasses import dataclass

import torch

from retrieval.training.batches import Pictures


@dataclass(frozen=True, slots=True)
class Normal:
    """Normalises by the mean and the standard deviation of each colour (0 to 1)."""

    mean: tuple[float, float, float]
    deviation: tuple[float, float, float]

    def __call__(self, pictures: Pictures) -> torch.Tensor:
        """Return float32 `(count, 3, height, width)`."""
        raw = torch.from_numpy(pictures).float() / 255
        return ((raw - torch.tensor(self.mean)) / torch.tensor(self.deviation)).permute(0, 3, 1, 2)
