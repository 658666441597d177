"""How large things may be: `docs/sizes.md` states the limits and what happens beyond them."""

import unicodedata

LONGEST_ID = 200
"""Characters of a video's id, and of the name of a collection."""

LONGEST_SENTENCE = 10_000
"""Characters of a caption that a person gives."""

SUFFIX = 10
"""Characters of an id that are left for what tells two of one name apart."""

_UNTYPED = ("Cc", "Cs", "Zl", "Zp")

MOST_COLLECTIONS = 1_000
"""Collections of a library."""


def fit_name(stem: str) -> str:
    """Return what the id of a video is made from: the name of its file, as far as it can be typed."""
    typed = "".join(
        "_" if unicodedata.category(letter) in _UNTYPED else letter for letter in stem[: LONGEST_ID - SUFFIX]
    )
    return typed if typed.strip() else "video"


def unfit_name(name: str) -> str:
    """Return why a text cannot be an id or the name of a collection, "" where it can.

    Whatever can be typed into a command is fit: also `@`, `#`, quotes and spaces.
    """
    if not name.strip():
        return "is empty"
    if len(name) > LONGEST_ID:
        return f"has more than {LONGEST_ID} characters"
    if any(unicodedata.category(letter) in _UNTYPED for letter in name):
        return "holds a character that cannot be typed"
    return ""


def unfit_collection(name: str) -> str:
    """Return why a text cannot be the name of a new collection, "" where it can."""
    return unfit_name(name) or ("begins with '-', as options do" if name.startswith("-") else "")
