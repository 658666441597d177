"""The light installation, which leaves PyTorch out: whether this is one, and what to say of what it cannot do."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

from retrieval.errors import MissingModel

LEFT_OUT = frozenset({"open_clip", "sentence_transformers", "timm", "torch", "torchvision", "transformers"})
"""Packages that are not there, by what they are imported as; `without-torch.txt` names them for installers."""


def has_torch() -> bool:
    """Tell whether PyTorch is installed, without loading it."""
    return find_spec("torch") is not None


@contextmanager
def needing_torch(what: str) -> Iterator[None]:
    """Load something that needs PyTorch.

    Raises:
        MissingModel: this is a light installation.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if str(error.name).partition(".")[0] not in LEFT_OUT:
            raise
        raise MissingModel(
            f"{what} needs PyTorch, which is not installed", "docs/installation.md says how to install it with PyTorch."
        ) from error
