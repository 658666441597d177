"""A scope as conditions in SQL; `retrieval.index.filters.admits` says what they must mean. Pure."""

from collections.abc import Iterable

from retrieval.index.base import Scope
from retrieval.index.filters import padded
from retrieval.index.phrases import forms


def seen(scope: Scope) -> str:
    """Write the collections of a scope as a condition of the table."""
    return f"array_has_any(collections, [{strings(sorted(scope.collections))}])"


def narrowed(scope: Scope) -> list[str]:
    """Write the rest of a scope as conditions of the table."""
    wanted, parts = scope.filter, []
    if scope.hidden:
        parts.append(f"generation NOT IN ({numbers(sorted(scope.hidden))})")
    if wanted.videos is not None:
        parts.append(f"video_id IN ({strings(sorted(wanted.videos))})" if wanted.videos else "false")
    if wanted.within is not None:
        parts.append(f'start < {wanted.within.end!r} AND "end" > {wanted.within.start!r}')
    if wanted.sources is not None:
        parts.append(f"array_has_any(sources, [{strings(sorted(wanted.sources))}])" if wanted.sources else "false")
    for phrase in scope.phrases:
        held = " OR ".join(f"contains(plain, {string(padded(form))})" for form in forms(phrase))
        parts.append(f"({held})")
    parts += [f"NOT contains(terms, {string(padded(stem))})" for stem in scope.excluded]
    return parts


def string(value: str) -> str:
    """Write a text as SQL."""
    return "'" + value.encode("utf-8", "replace").decode().replace("'", "''") + "'"


def strings(values: Iterable[str]) -> str:
    """Write texts as a list in SQL."""
    return ", ".join(map(string, values))


def numbers(values: Iterable[int]) -> str:
    """Write numbers as a list in SQL."""
    return ", ".join(str(int(value)) for value in values)
