"""Dialogues with what is right at each turn: read from files, talked with an assistant, and marked.

A file holds `{"library": NAME, "dialogues": [{"speaker", "turns": [{"say", "kind", "gold", "expect"}]}]}`: `kind` is
`present`, `absent`, `library` or `chat`, and `gold` are the moments that answer, each `{"video", "start", "end"}` in
seconds.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as checked

from bot.dialogue.events import Answered, Clarifying, Understood
from bot.dialogue.manager import DialogueManager
from bot.dialogue.messages import Answer, Citation, Utterance
from bot.errors import UsageError
from demo.stories import FILMS
from retrieval.types import TimeSpan

AskedOf = Literal["present", "absent", "library", "chat"]
Mark = Literal["right", "near", "wrong", "refused", "confident and wrong"]

FILMS_LIBRARY = "films"
"""What a file calls the sample films."""


@checked(frozen=True, config=ConfigDict(extra="forbid"))
class Gold:
    """A moment that answers a turn, in seconds."""

    video: str
    start: float
    end: float

    def __post_init__(self) -> None:
        TimeSpan(self.start, self.end)

    @property
    def span(self) -> TimeSpan:
        """Where it is."""
        return TimeSpan(self.start, self.end)


@checked(frozen=True, config=ConfigDict(extra="ignore"))
class GoldenTurn:
    """What is said, what it asks for, and the moments that are right."""

    say: str
    kind: AskedOf
    gold: tuple[Gold, ...] = ()


@checked(frozen=True, config=ConfigDict(extra="ignore"))
class Dialogue:
    """One conversation."""

    turns: tuple[GoldenTurn, ...]


@checked(frozen=True, config=ConfigDict(extra="ignore"))
class Dialogues:
    """What a file holds; `library` says over which videos, None over those of whoever asks."""

    dialogues: tuple[Dialogue, ...]
    library: str | None = None


@dataclass(frozen=True, slots=True)
class Marked:
    """A turn, how many were before it in its dialogue, the reply and its mark, the seconds it took, and a plan's note.

    The answer is None where the turn failed; the note is "" unless a planner says why it did not do as it is set.
    """

    turn: GoldenTurn
    place: int
    answer: Answer | None
    mark: Mark
    seconds: float
    note: str = ""


def packaged() -> list[Path]:
    """Return the files of dialogues over the sample films, by writers who knew the films and not the program."""
    return sorted(Path(str(files("demo"))).joinpath("dialogues").glob("*.json"))


def read(path: Path) -> Dialogues:
    """Read a file of dialogues.

    Raises:
        UsageError: it cannot be read, or does not hold what it should.
    """
    try:
        return TypeAdapter(Dialogues).validate_json(path.read_bytes())
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"])) or "the whole"
        raise UsageError(f"{str(path)!r} is no file of dialogues: {place}: {first['msg']}", _FORM) from error
    except OSError as error:
        raise UsageError(f"{str(path)!r} cannot be read: {error.strerror}", _FORM) from error


_FORM = "docs/language-models.md shows what such a file holds."


def captions_of_films() -> dict[str, Any]:
    """Return the sample films as texts alone, as `vdialog import` takes them: what is seen, said and written."""
    found = {}
    for film in FILMS:
        texts = [" ".join((s.sentence, *s.subtitles, s.screen_text or "")).strip() for s in film.scenes]
        spans = [[span.start, span.end] for span in film.spans]
        found[film.name] = {"duration": film.duration, "timestamps": spans, "sentences": texts}
    return found


def talked(
    make_manager: Callable[[], DialogueManager], dialogues: Sequence[Dialogue], visible: frozenset[str]
) -> Iterator[Marked]:
    """Talk each dialogue with a manager of its own, and yield every turn, marked."""
    for number, dialogue in enumerate(dialogues):
        manager = make_manager()
        for place, turn in enumerate(dialogue.turns):
            started = time.perf_counter()
            events = list(manager.respond(Utterance(turn.say, f"d{number}", visible)))
            seconds = time.perf_counter() - started
            last = events[-1]
            answer = last.answer if isinstance(last, Answered | Clarifying) else None
            note = next((event.note for event in events if isinstance(event, Understood)), "")
            yield Marked(turn, place, answer, marked(turn, answer), seconds, note)


def marked(turn: GoldenTurn, answer: Answer | None) -> Mark:
    """Mark a reply by what it shows: right with a right moment among the first two, or an honest no.

    Of the library and of small talk, which have no moment, a reply is right that tells something of its own. A turn
    that failed is wrong.
    """
    if answer is None:
        return "wrong"
    verdict = answer.verdict
    if turn.kind == "absent":
        return "near" if verdict == "unsure" else "confident and wrong" if verdict == "answered" else "right"
    if not turn.gold:
        return "right" if verdict == "told" else "wrong"
    hits = [_right(citation, turn) for citation in answer.citations]
    if any(hits[:2]):
        return "right" if verdict == "answered" else "near"
    whole = all(gold.start == 0 for gold in turn.gold) and verdict == "told"
    if whole or any(hits):
        return "right" if whole else "near"
    return "confident and wrong" if verdict == "answered" else "wrong" if verdict == "unsure" else "refused"


def _right(citation: Citation, turn: GoldenTurn) -> bool:
    """Tell whether a citation shares more than half of the shorter of it and a right moment."""
    return any(
        gold.video == citation.video_id
        and gold.span.overlap(citation.span) > 0.5 * min(gold.span.duration, citation.span.duration)
        for gold in turn.gold
    )
