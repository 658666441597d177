"""Batches made ahead of their use, in processes of their own."""

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from torch.utils.data import DataLoader, Dataset

BatchType = TypeVar("BatchType")
_AHEAD = 4


class _Steps(Dataset[BatchType], Generic[BatchType]):
    """Batches from one step to another."""

    def __init__(self, batch: Callable[[int], BatchType], start: int, stop: int) -> None:
        self._batch, self._start, self._stop = batch, start, stop

    def __len__(self) -> int:
        return self._stop - self._start

    def __getitem__(self, number: int) -> BatchType:
        return self._batch(self._start + number)


def batches(batch: Callable[[int], BatchType], start: int, stop: int, workers: int) -> Iterator[BatchType]:
    """Yield `batch(start)` to `batch(stop - 1)`; 0 workers make them when they are asked for."""
    steps = _Steps(batch, start, stop)
    ahead = _AHEAD if workers else None
    yield from DataLoader(steps, batch_size=None, num_workers=workers, collate_fn=_same, prefetch_factor=ahead)


def _same(batch: BatchType) -> BatchType:
    return batch
