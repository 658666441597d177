"""`vdialog compact`: erases what may be left of what was taken away."""

from collections.abc import Sequence
from pathlib import Path

from bot.cli.options import AsJson
from bot.cli.output import emit, say, say_hint
from bot.untrusted import inert_name


def compact(as_json: AsJson = False) -> None:
    """Erase the last bytes of what was removed from the library, in a large one too, and what a restore put aside.

    A removal does so by itself, but for libraries of more than 20,000 moments, and for what a restore put aside.
    """
    from bot import bootstrap, settings

    with bootstrap.library(settings.load()) as library:
        aside = library.put_aside()
        is_erased = library.compact()
    if as_json:
        emit({"erased": is_erased, "deleted": [str(folder) for folder in aside]})
        return
    say(*(f"Deleted {inert_name(str(folder))}." for folder in aside))
    say_kept(is_erased, ())
    if is_erased:
        say("Nothing is left in the library of what was taken away.")


def say_kept(is_erased: bool, aside: Sequence[Path]) -> None:
    """Say where something of what was removed may still be; `aside` are folders that a restore left."""
    if not is_erased:
        say_hint(
            "Bytes of what was removed are still in its files: `vdialog compact` erases them, when nobody else uses it."
        )
    for folder in aside:
        say_hint(f"{inert_name(str(folder))}, put aside by a restore, may hold it: `vdialog compact` deletes that.")
    say_hint("Copies that you made with `vdialog backup`, and what you exported, are yours: they may still hold it.")
