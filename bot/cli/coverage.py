"""What can be found of videos that were taken in, and what cannot, in one line."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.cli.output import plural, say_hint
from bot.settings import Settings

if TYPE_CHECKING:
    from retrieval.catalogue.catalogue import Catalogue
    from retrieval.catalogue.findable import Coverage, Findable
    from retrieval.types import TextKind, Video

CALLED: "dict[TextKind, str]" = {"screen text": "on the screen"}
"""Kinds of text that are called otherwise where their videos are counted."""


def say_coverage(settings: Settings, catalogue: "Catalogue", videos: "Sequence[Video]") -> None:
    """Print what these videos can be found by and what not, with the command for the rest."""
    from bot.actions.covering import coverage_of
    from bot.bootstrap import fitting

    if not videos:
        return
    say_hint(described(coverage_of(catalogue, videos), fitting.unset(settings)))
    if others := len(fitting.strangers(settings, videos)):
        say_hint(
            f"Warning: {fitting.SAMPLE_ONLY}, and {plural(others, 'video')} here"
            f" {'is another' if others == 1 else 'are others'}: what these models say of pictures is wrong there."
            " `vdialog setup` gets models for every film."
        )


def described(found: "Coverage", unset: Sequence[str]) -> str:
    """Return the line: "9 videos: words of 4 (subtitles), 5 (on the screen); no speech: `vdialog setup`"."""
    words = ", ".join(f"{count} ({CALLED.get(kind, kind)})" for kind, count in found.words.items())
    said = [f"words of {words}"] if words else []
    if found.wordless:
        said.append(f"no words in {found.wordless}" if words else "no words")
    if found.pictures:
        said.append(f"pictures of {found.pictures}")
    if found.pictures < found.videos and "pictures" not in unset:
        said.append(f"no pictures of {found.videos - found.pictures} yet (`vdialog reindex --encode` adds them)")
    lacking = ", ".join(f"no {name}" for name in unset)
    return f"{plural(found.videos, 'video')}: {'; '.join(said)}" + (f"; {lacking}: `vdialog setup`" if lacking else ".")


def found_by(found: "Findable") -> str:
    """Return what one video can be found by, for a table."""
    by = [*(kind.removesuffix(" text") for kind in found.kinds), *(["pictures"] if found.pictures else [])]
    return ", ".join(by) or "nothing"
