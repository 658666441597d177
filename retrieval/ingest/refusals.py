"""Files of folders that were refused: what is unchanged since is not tried again, whatever else is new there.

It is tried again where it changed, where that is asked for, and where other limits count. What the machine ended, or
would not let read, is tried each time.
"""

import json
from collections.abc import Collection
from pathlib import Path

from retrieval.catalogue.catalogue import Catalogue
from retrieval.errors import LibraryError, ReadingStopped
from retrieval.ingest.confined import DecodeLimits
from retrieval.ingest.reports import FileReport
from retrieval.ingest.sources import PIPELINE, stamp_of
from retrieval.publishing.generations import Generations

KEPT = "refused"
"""Under which the library keeps them."""


class Refusals:
    """The files that were refused, with what they were then and why.

    Args:
        catalogue: of the library.
        generations: of the library.
        limits: what decoding a file may use: with others it may no longer be refused.
        wanted: files that are tried in any case.
    """

    def __init__(
        self, catalogue: Catalogue, generations: Generations, limits: DecodeLimits | None, wanted: Collection[Path] = ()
    ) -> None:
        self._generations = generations
        self._terms = f"{PIPELINE} {limits or DecodeLimits()}"
        held = json.loads(catalogue.meta(KEPT, "{}"))
        self._before = {str(path): (str(stamp), str(reason)) for path, (stamp, reason) in held.items()}
        self._now = dict(self._before)
        self._tried: dict[Path, str] = {}
        self._wanted = frozenset(wanted)

    def reason(self, path: Path) -> str | None:
        """Return why a file was refused that is unchanged since; None where it is to be tried, from now on."""
        stamp, reason = self._now.get(str(path.absolute()), ("", ""))
        self._tried[path] = self._stamp(path)
        if stamp and stamp == self._tried[path] and path not in self._wanted:
            return reason
        self._now.pop(str(path.absolute()), None)
        return None

    def note(self, report: FileReport, error: LibraryError) -> None:
        """Note that a file is refused for what it is, unless it changed while it was tried."""
        is_lasting = not isinstance(error, ReadingStopped) and not isinstance(error.__cause__, OSError)
        stamp = self._tried.get(report.path, "")
        if is_lasting and stamp and stamp == self._stamp(report.path):
            self._now[str(report.path.absolute())] = (stamp, report.reason)

    def save(self) -> None:
        """Keep what was noted; files that are gone are forgotten."""
        now = {path: entry for path, entry in self._now.items() if Path(path).exists()}
        if now != self._before:
            self._generations.note(KEPT, json.dumps(now))

    def _stamp(self, path: Path) -> str:
        try:
            return f"{stamp_of(path)} {self._terms}"
        except OSError:
            return ""
