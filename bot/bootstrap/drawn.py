"""Films that the small models of the set demo know: those that were drawn for them."""

from pathlib import Path

SAMPLE_ONLY = "the models of the set demo know the sample films alone"


def unfit(film: Path) -> str | None:
    """Return why the small models are of no use for a film, None for one that was drawn for them."""
    from demo.writing import is_drawn

    return None if is_drawn(film) else SAMPLE_ONLY
