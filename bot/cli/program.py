"""How this program is called: what a person types, or pastes, to start it again from the shell that started it."""

import os
import re
import shlex
import shutil
import sys
from pathlib import Path

OF_LIBRARY = ("home", "models")
"""The settings that say which library a command works on, and with which models it was made."""

NAME = "vdialog"
MODULE = "-m bot.cli"

_COMMAND = re.compile(rf"(?<![\w/.'-]){NAME}(?= [a-z-])")
"""Where a text of ours calls the program."""


def command_name(started: str | None = None, python: str | None = None) -> str:
    """Return the word or words that start this program: `vdialog` where a shell finds it, else the path of it.

    Args:
        started: the path by which the program was started; that of the process where None.
        python: the interpreter that runs it; that of the process where None.
    """
    path = Path(sys.argv[0] if started is None else started)
    if path.name == "__main__.py" and path.parent.name == "cli":
        return f"{shlex.quote(sys.executable if python is None else python)} {MODULE}"
    if path.stem != NAME:
        return NAME  # a test, or a program that calls it
    found = shutil.which(NAME)
    if found is not None and (not path.exists() or os.path.samefile(found, path)):
        return NAME
    return shlex.quote(str(path))


def pasted(text: str) -> str:
    """Return a text whose commands of this program run where they are pasted: in the shell that started it.

    The library that the environment named stands before each, as it may have been set for one command alone. Who starts
    it as a module of Python knows how, and reads its name.
    """
    name = command_name()
    if not _COMMAND.search(text) or not _is_program():
        return text
    return _COMMAND.sub(lambda _: f"{within()}{name}", text)


def within() -> str:
    """Return what stands before a command so that it works on the library that the environment names, "" for none."""
    from bot.setting_sources import of_environment
    from bot.settings import Settings

    named = of_environment(Settings, OF_LIBRARY)
    return "".join(f"{variable}={shlex.quote(value)} " for variable, value in named.items())


def _is_program() -> bool:
    return Path(sys.argv[0]).stem == NAME
