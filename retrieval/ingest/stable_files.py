"""Files that still grow: a download or a recording waits until it rests."""

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

POLL = 1.0
"""Seconds between two looks at files that are waited for, at most."""


class StableFiles:
    """Tells whether a file has come to rest: its size and its time of change have been the same for a while.

    A file whose time of change lies further back is at rest at once. A time that lies in the future is not
    believed; then the file is watched.

    Args:
        seconds: how long that while is; 0 takes every file as it is.
        clock: the time in seconds, as the file system gives it.
    """

    def __init__(self, seconds: float, clock: Callable[[], float] = time.time) -> None:
        self.seconds = seconds
        self._clock = clock
        self._seen: dict[Path, tuple[tuple[int, int], float]] = {}

    def rests(self, path: Path) -> bool:
        """Tell whether a file is at rest; what is not there rests."""
        try:
            status = path.stat()
        except OSError:
            return True
        now, stamp = self._clock(), (status.st_size, status.st_mtime_ns)
        if now - status.st_mtime >= self.seconds:
            self._seen.pop(path, None)
            return True
        before, since = self._seen.get(path, (None, now))
        if stamp != before:
            since = now
        self._seen[path] = (stamp, since)
        return now - since >= self.seconds

    def in_order(
        self,
        paths: Sequence[Path],
        waiting: Callable[[Path], None],
        pause: Callable[[float], None] = time.sleep,
    ) -> Iterator[Path]:
        """Yield files as they come to rest, those at rest first; `waiting` is told of one that is waited for."""
        left = list(paths)
        while left:
            resting = {path: self.rests(path) for path in left}
            yield from (path for path in left if resting[path])
            left = [path for path in left if not resting[path]]
            if left and not any(resting.values()):
                waiting(left[0])
                pause(min(POLL, self.seconds / 4))
