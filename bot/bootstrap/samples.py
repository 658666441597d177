"""What the sample library is made of: the films that are drawn, and the small models that know them."""

from pathlib import Path

from bot.bootstrap.light import has_torch


def sample_models() -> dict[str, object]:
    """Return the settings by which the sample library uses the models that come with it."""
    return {"models": "demo"}


def sample_models_here() -> dict[str, object]:
    """Return the same where these models can run; where PyTorch is left out, nothing: texts alone are searched."""
    return sample_models() if has_torch() else {}


def sample_films(folder: Path, count: int | None) -> tuple[list[Path], str]:
    """Make the first sample films in a folder, or all; return their paths and a question about them."""
    from demo.questions import DEMO_QUESTION
    from demo.stories import FILMS
    from demo.writing import write_films

    return write_films(folder, FILMS[:count]), DEMO_QUESTION.text
