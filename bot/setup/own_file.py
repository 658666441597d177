"""Writes the user's own file of settings: the lines that are set, and nothing else of it."""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from bot.setting_sources import user_file

OWNER_ALONE = 0o600
FOLDER_OF_OWNER = 0o700


def write(values: Mapping[str, str], path: Path | None = None) -> Path:
    """Set variables in a file of settings; other lines and comments stay. It is replaced whole, or not at all.

    Args:
        values: by variable; simple words, which need no quotation marks.
        path: of the file; by default the user's own.

    Returns:
        The file.
    """
    from dotenv import set_key

    target = Path(os.path.realpath(path or user_file()))  # of a link what it leads to is replaced
    target.parent.mkdir(mode=FOLDER_OF_OWNER, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    made = Path(name)
    try:
        with os.fdopen(handle, "wb") as copy:
            copy.write(target.read_bytes() if target.is_file() else b"")
        for variable, value in values.items():
            set_key(made, variable, value, quote_mode="never")
        made.chmod(OWNER_ALONE)
        with made.open("rb") as written:
            os.fsync(written.fileno())
        made.replace(target)
    except BaseException:
        made.unlink(missing_ok=True)
        raise
    return target
