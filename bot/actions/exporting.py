"""A conversation as Markdown for people and as plain data for programs, and either in a file.

What videos, files and people said is text here too: nothing of it becomes a heading, a link or a mention.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bot.actions.data import versioned
from bot.actions.targets import write_text
from bot.dialogue.conversation import Conversation, Turn
from bot.dialogue.storing.records import turn_as_data
from bot.untrusted import inert_line

_SPECIAL = re.compile(r"([\\`*_<>#|~\[\]])")
_OUR_MARK = re.compile(r"\\\[(\d+)\\\](?![(:\[]|\\\[)")


def as_data(conversation: Conversation) -> dict[str, object]:
    """Return a conversation as plain data."""
    return {
        "conversation": conversation.conversation_id,
        "title": conversation.title,
        "turns": [turn_as_data(turn) for turn in conversation.turns],
    }


def as_markdown(conversation: Conversation) -> str:
    """Return a conversation as Markdown: each question a quotation, its answer, and where that points."""
    parts = [f"# {plain(conversation.title)}"]
    for turn in conversation.turns:
        parts += _turn(turn)
    return "\n\n".join(parts) + "\n"


def export_conversation(
    conversation: Conversation, target: Path, markdown: bool = False, overwrite: bool = False
) -> None:
    """Write a conversation to a file: as Markdown where that is asked for or its name ends in .md, else as JSON.

    Raises:
        UsageError: the folder is not there, or the file is and may not be replaced.
    """
    as_text = markdown or target.suffix.lower() == ".md"
    text = as_markdown(conversation) if as_text else json.dumps(versioned(as_data(conversation)), indent=2) + "\n"
    write_text(target, text, overwrite)


def export_feedback(opinions: Sequence[Mapping[str, object]], target: Path, overwrite: bool = False) -> None:
    """Write opinions to a file, a JSON line for each.

    Raises:
        UsageError: the folder is not there, or the file is and may not be replaced.
    """
    write_text(target, "".join(f"{json.dumps(versioned(one))}\n" for one in opinions), overwrite)


def plain(text: str) -> str:
    """Return a text of one line that Markdown shows as it is; numbers of moments stay as they are."""
    return _OUR_MARK.sub(r"[\1]", _SPECIAL.sub(r"\\\1", inert_line(text)))


def _turn(turn: Turn) -> Iterator[str]:
    yield f"> {plain(turn.asked)}"
    yield "  \n".join(plain(line) for line in turn.answer.splitlines() if line.strip())
    if turn.citations:
        places = ((c.handle, plain(c.title), c.timecode, plain(c.moment_id)) for c in turn.citations)
        yield "\n".join(f"- [{handle}] {title}, {when} ({moment})" for handle, title, when, moment in places)
    yield f"{turn.at:%Y-%m-%d %H:%M} UTC"
