"""Films that the small models of the set demo know: those that were drawn for them."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

SAMPLE_ONLY = "the models of the set demo know the sample films alone"


def unfit(film: Path) -> str | None:
    """Return why the small models are of no use for a film, None for one that was drawn for them."""
    return next((SAMPLE_ONLY for _ in strangers([film])), None)


def strangers(films: Iterable[Path]) -> list[Path]:
    """Return the films that were not drawn for the small models; what was drawn in a folder is read once."""
    from demo.writing import drawn_in

    drawn = cache(drawn_in)
    return [film for film in films if film.stem not in drawn(film.parent)]
