"""Slack's blocks and their parts, within Slack's limits; `bot/slack/posts.py` makes posts of them.

Texts of the library stand in `plain_text` objects, which Slack does not read for marks, or are escaped; see
`bot/slack/mrkdwn.py`. Buttons carry short ids and nothing else. Pure.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from bot.untrusted import inert, inert_line
from retrieval.types import whole

Block = dict[str, object]
"""A block or a part of one, as Slack's reference describes it."""

SECTION: Final = 3_000
LABEL: Final = 75
ALT_TEXT: Final = 2_000
BLOCKS: Final = 50
BUTTONS: Final = 25

PLAY_CLIP: Final = "play_clip"
OPEN_AT: Final = "open_at"
MORE_LIKE: Final = "more_like"
ONLY_VIDEO: Final = "only_video"
WHY: Final = "why"
OPINION: Final = "opinion"
CHOOSE: Final = "choose"
SHARE: Final = "share"
ASK: Final = "ask"
INTO: Final = "into"

_SHORT_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class ButtonValue:
    """What a button carries: the id of the reply it belongs to, and the number of a moment, a choice or an opener.

    Raises:
        ValueError: the id has other characters than letters, digits, `_` and `-`, or more than 64.
    """

    reply: str
    number: int | None = None

    def __post_init__(self) -> None:
        if not _SHORT_ID.fullmatch(self.reply):
            raise ValueError(f"{self.reply!r} is no id that a button may carry")

    def __str__(self) -> str:
        return self.reply if self.number is None else f"{self.reply}.{self.number}"

    @classmethod
    def read(cls, value: str) -> "ButtonValue":
        """Return what a button carried; ValueError where that is no value of ours."""
        reply, dot, number = value.partition(".")
        if dot and not re.fullmatch(r"[0-9]{1,9}", number):
            raise ValueError(f"{value[:80]!r} is no value of a button")
        return cls(reply, int(number) if dot else None)


def width(text: str) -> int:
    """Return how long a text is for Slack at most: it may count what lies outside the basic plane twice."""
    return len(text) + sum(sign > "\uffff" for sign in text)


def pieces(text: str, longest: int = SECTION) -> Iterator[str]:
    """Yield a text in parts of `longest` width at most, broken at lines, else at spaces, else anywhere.

    Joined with nothing between them they are the text. `longest` is 2 at least.
    """
    while width(text) > longest:
        end = bisect_right(list(accumulate(map(width, text[:longest]))), longest)
        broken = max(text.rfind("\n", 0, end), text.rfind(" ", 0, end)) + 1
        lines = text.rfind("\n", end // 2, end) + 1
        end = lines or (broken if broken > end // 2 else end)
        yield text[:end]
        text = text[end:]
    if text:
        yield text


def shortened_to(text: str, longest: int) -> str:
    """Return a text on one line of `longest` width at most, ending in an ellipsis where it was cut."""
    return cut(" ".join(text.split()), longest)


def cut(text: str, longest: int) -> str:
    """Return a text of `longest` width at most, ending in an ellipsis where it was cut."""
    return text if width(text) <= longest else f"{next(pieces(text, longest - 1)).rstrip()}…"


def plain(text: str) -> Block:
    """Return a text object that Slack shows as it stands; what comes from others in it must be inert."""
    return {"type": "plain_text", "text": whole(text) if text.strip() else "–", "emoji": False}


def marked(text: str) -> Block:
    """Return a text object of mrkdwn; what comes from others in it must be escaped."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def sections(text: str) -> list[Block]:
    """Return a text as sections that show it as it stands, whole."""
    return [{"type": "section", "text": plain(piece)} for piece in pieces(inert(text)) if piece.strip()]


def button(label: str, action: str, value: ButtonValue, *, style: str = "", url: str | None = None) -> Block:
    """Return a button; a label that is too long is cut."""
    made: Block = {
        "type": "button",
        "text": plain(shortened_to(inert_line(label), LABEL)),
        "action_id": action,
        "value": str(value),
    }
    return made | ({"style": style} if style else {}) | ({"url": url} if url else {})


def actions(buttons: Iterable[Block]) -> list[Block]:
    """Return buttons in rows."""
    row = list(buttons)
    return [{"type": "actions", "elements": row[at : at + BUTTONS]} for at in range(0, len(row), BUTTONS)]


def note(text: str) -> Block:
    """Return a line in small grey print, which shows a text as it stands."""
    return {"type": "context", "elements": [plain(shortened_to(inert_line(text), SECTION))]}


def feedback(reply: str) -> Block:
    """Return the two buttons that tell whether an answer was good; their value says which, then the reply."""

    def one(opinion: str, label: str) -> Block:
        return {"text": plain(label), "accessibility_label": label, "value": f"{opinion}:{ButtonValue(reply)}"}

    pair = {"positive_button": one("good", "Good answer"), "negative_button": one("bad", "Bad answer")}
    return {"type": "context_actions", "elements": [{"type": "feedback_buttons", "action_id": OPINION, **pair}]}


def opinion_in(value: str) -> tuple[str, ButtonValue]:
    """Return `good` or `bad`, and the reply, from the value of a feedback button; ValueError for any other."""
    opinion, _, reply = value.partition(":")
    if opinion not in ("good", "bad"):
        raise ValueError(f"{value[:80]!r} is no opinion")
    return opinion, ButtonValue.read(reply)


def at_clock(seconds: float) -> str:
    """Return a time of a video as people write it: `1:23`, `1:02:03`."""
    minutes, left = divmod(int(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{left:02d}" if minutes >= 60 else f"{minutes}:{left:02d}"
