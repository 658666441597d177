"""How far something is that takes long: one line that changes on a terminal, else a line now and then."""

import sys
import time

from bot.cli.output import size, terminal_width, time_left

OFTEN = 0.2
"""Seconds between two looks of the line on a terminal."""
SELDOM = 30.0
"""Seconds after which a line is printed where there is no terminal, beside one for each tenth."""


class ProgressLine:
    """Says on stderr how far something is.

    Args:
        quiet: say nothing.
        in_bytes: whether amounts are bytes, to be shown with their rate and the time left.
    """

    def __init__(self, quiet: bool = False, in_bytes: bool = True) -> None:
        self._quiet, self._in_bytes = quiet, in_bytes
        self._what, self._started, self._first = "", 0.0, 0
        self._told, self._tenth = 0.0, -1

    def __call__(self, what: str, done: int, total: int) -> None:
        """Take note of how much of something is done."""
        now = time.monotonic()
        if what != self._what or done < self._first:
            self._what, self._started, self._first, self._tenth = what, now, done, -1
        if self._quiet or not total:
            return
        line, tenth = self._line(done, total, now), 10 * done // total
        if sys.stderr.isatty():
            if now - self._told >= OFTEN or done == total:
                ending = "\n" if done == total else ""
                width = terminal_width(sys.stderr) - 1
                print(f"\r{line[:width]:<{width}}", end=ending, file=sys.stderr, flush=True)
                self._told = now
        elif tenth != self._tenth or now - self._told >= SELDOM:
            print(line, file=sys.stderr, flush=True)
            self._told, self._tenth = now, tenth

    def _line(self, done: int, total: int, now: float) -> str:
        took, came = now - self._started, done - self._first
        left = f", {time_left((total - done) * took / came)}" if came and took >= 1 and done < total else ""
        if not self._in_bytes:
            return f"{self._what}: {done / total:.0%}{left}"
        rate = f", {size(int(came / took))}/s" if came and took >= 1 else ""
        return f"{self._what}: {size(done)} of {size(total)} ({done / total:.0%}){rate}{left}"
