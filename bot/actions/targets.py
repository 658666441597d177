"""Files that a person has written: an existing one is kept unless they say otherwise."""

from pathlib import Path

from bot.errors import UsageError


def check_target(target: Path, overwrite: bool = False) -> None:
    """Check that a file may be written: its folder is there, and what is there already may be replaced.

    Raises:
        UsageError: it may not.
    """
    folder = target.absolute().parent
    if not folder.is_dir():
        raise UsageError(f"the folder {str(folder)!r} does not exist", "Make it first.")
    if target.exists() and not overwrite:
        raise already_there(target)


def already_there(target: Path) -> UsageError:
    """Return what to say of a file that is kept."""
    return UsageError(
        f"{str(target)!r} already exists",
        "Give another name; a command replaces the file with --overwrite, Python with overwrite=True.",
    )


def write_text(target: Path, text: str, overwrite: bool = False) -> None:
    """Write a text to a file.

    Raises:
        UsageError: the folder is not there, or the file is and may not be replaced.
    """
    check_target(target, overwrite)
    try:
        with target.open("w" if overwrite else "x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise already_there(target) from error
