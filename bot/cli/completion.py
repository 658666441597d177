"""`vdialog completion`: what makes a shell complete commands and options. It is printed; no file is written."""

from enum import StrEnum
from typing import Annotated

import typer

from bot.cli.output import say_whole
from bot.cli.program import NAME

VARIABLE = f"_{NAME.upper()}_COMPLETE"
"""Variable of the environment by which a shell asks for completions."""


class Shell(StrEnum):
    """Shells that a script is there for."""

    bash = "bash"
    zsh = "zsh"
    fish = "fish"


def completion(shell: Annotated[Shell, typer.Argument(help="The shell that you use.")]) -> None:
    """Print the script by which a shell completes what you type of `vdialog`. Nothing is installed.

    bash: put `eval "$(vdialog completion bash)"` into ~/.bashrc.
    zsh: put `eval "$(vdialog completion zsh)"` into ~/.zshrc, below compinit.
    fish: `vdialog completion fish > ~/.config/fish/completions/vdialog.fish`.
    """
    from typer.completion import get_completion_script  # type: ignore[attr-defined]  # it is in no list

    say_whole(get_completion_script(prog_name=NAME, complete_var=VARIABLE, shell=shell.value))
