"""Moments that searches have read, each with its stems counted: what is found again and again is read once."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from retrieval.analysis import terms
from retrieval.catalogue.catalogue import Catalogue
from retrieval.types import Moment

MOST = 20_000
"""Moments that are kept, some 3 kB each; of more the older half goes."""


@dataclass(frozen=True, slots=True)
class KnownMoment:
    """A moment without its keyframes; `counts` says how often its texts hold each stem, `length` how many stems."""

    moment: Moment
    counts: Mapping[str, int]
    length: int

    @staticmethod
    def of(moment: Moment) -> "KnownMoment":
        """Count the stems of a moment."""
        found = terms(moment.text)
        return KnownMoment(moment, Counter(found), len(found))


class KnownMoments:
    """Reads moments of visible collections; `of_visible` returns the one that is as new as the catalogue.

    Args:
        catalogue: is read.
        visible: the collections that may be seen.
        most: moments that are kept.
    """

    def __init__(self, catalogue: Catalogue, visible: frozenset[str], most: int = MOST) -> None:
        self._catalogue = catalogue
        self._visible = visible
        self._most = most
        self._kept: dict[str, KnownMoment] = {}

    def read(self, names: Iterable[str]) -> dict[str, KnownMoment]:
        """Return moments by id, in this order; those that are gone or not visible are left out."""
        wanted = list(dict.fromkeys(names))
        found = {name: known for name in wanted if (known := self._kept.get(name)) is not None}
        missing = [name for name in wanted if name not in found]
        if missing:
            new = self._catalogue.moments_by_id(missing, self._visible)
            found |= {name: KnownMoment.of(moment) for name, moment in new.items()}
            self._keep({name: found[name] for name in new})
        return {name: found[name] for name in wanted if name in found}

    def moments(self, names: Iterable[str]) -> dict[str, Moment]:
        """Return what `read` returns, the moments alone."""
        return {name: known.moment for name, known in self.read(names).items()}

    def _keep(self, new: Mapping[str, KnownMoment]) -> None:
        if len(self._kept) + len(new) > self._most:
            for oldest in list(self._kept)[: self._most // 2]:
                self._kept.pop(oldest, None)
        self._kept.update(new)


def of_visible(catalogue: Catalogue, visible: frozenset[str]) -> KnownMoments:
    """Return the known moments of visible collections; known anew when something was written."""
    return catalogue.database.unchanged(("moments", visible), lambda: KnownMoments(catalogue, visible))
