"""Shows a span of a video in the player that the user has set. No shell reads the command."""

import subprocess

from bot.actions.cutting import FileSpan
from bot.errors import UsageError
from bot.player import command

PROMPT_SECONDS = 0.5
"""A player that ends within so many seconds has most likely failed; one that runs is left to itself."""

SET_IT = "Set VDIALOG_PLAYER to a player that is installed."


def play(player: str, source: FileSpan) -> subprocess.Popen[bytes]:
    """Start the player and return it; it goes on by itself.

    Raises:
        UsageError: the player is not installed, cannot be started, or ended with an error at once.
    """
    words = command(player, str(source.path.absolute()), source.span.start, source.span.end)
    silent = subprocess.DEVNULL
    try:
        started = subprocess.Popen(words, stdin=silent, stdout=silent, stderr=silent, start_new_session=True)
    except OSError as error:
        raise UsageError(f"the player {words[0]!r} cannot be started: {error.strerror}", SET_IT) from error
    try:
        code = started.wait(PROMPT_SECONDS)
    except subprocess.TimeoutExpired:
        return started
    if code:
        raise UsageError(f"the player {words[0]!r} ended with {code}", SET_IT)
    return started
