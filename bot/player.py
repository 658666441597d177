"""The command line of a player that a person has set, filled in for a span of a file."""

import shlex


def command(player: str, path: str, start: float, end: float) -> list[str]:
    """Return the words of a player's command for a span of a file, in seconds. Nothing in the path is read as a word.

    Raises:
        ValueError: the command is no command line, leaves the file out, or asks for something unknown.
    """
    if not (words := shlex.split(player)) or not any("{path}" in word for word in words[1:]):
        raise ValueError("it must be a command that names {path}")
    try:
        return [word.format(path=path, start=f"{start:.2f}", end=f"{end:.2f}") for word in words]
    except (KeyError, IndexError, AttributeError) as error:
        raise ValueError("it may name {path}, {start} and {end} alone") from error
