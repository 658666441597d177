"""How a vision model is asked about frames: many short questions at once, one prompt after the other, or a sheet.

What comes of it is gathered as it comes, so that a model that fails half-way leaves what it had said. All of these
are generators that yield nothing of worth: they yield so that they can be stopped.
"""

import re
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image

import prompts
from bot.dialogue.looking.aspects import (
    Subject,
    agrees,
    is_plural,
    said_aspects,
    same_noun,
    short_question,
    subject,
)
from bot.dialogue.looking.evidence import EvidenceFrame, sheet
from bot.dialogue.looking.verifying import AspectCheck, Finding, verification
from bot.dialogue.looking.visual_question import VisualQuestion
from bot.dialogue.looking.votes import Observation, is_informative
from bot.dialogue.reading.aspects import Aspect
from bot.servers.queue import never
from bot.untrusted import fenced
from bot.vision.base import Output, VisionModel
from retrieval.types import timecode

AT_ONCE = 8
"""Short questions that are asked together."""

EQUAL_WEIGHT = 1.0
"""What counts as the confidence of answers whose model gives none: all weigh the same."""

LONGEST_SAID = 1_000
"""Characters of one answer that are read; a model that goes on is stopped."""

Steps = Generator[None, None, None]


@dataclass(slots=True)
class VqaProgress:
    """Answers and checks so far; `unwanted` tells whether to see more is not wanted any more."""

    unwanted: Callable[[], bool] = never
    observations: list[Observation] = field(default_factory=list)
    checks: list[AspectCheck] = field(default_factory=list)
    frames: set[Path] = field(default_factory=set)
    concluded: bool = False


def ask_short_questions(
    model: VisionModel, wanted: VisualQuestion, frames: Sequence[EvidenceFrame], progress: VqaProgress
) -> Steps:
    """Ask a small model, many questions at once: for the aspect that is asked, and for each that is said.

    Who is there is asked first: the other questions then name whom the frame shows, in the number that it shows.
    """
    about = subject(wanted.about)
    described = wanted.description or (wanted.about if wanted.aspect == "holds" else "")
    said = [aspect for aspect in said_aspects(described) if aspect != wanted.aspect]
    asked = [wanted.aspect] if wanted.aspect not in (None, "holds") else []
    others = [aspect for aspect in (*asked, *said) if aspect != "kind"]
    nouns: dict[Path, str] = {}

    def keep(question: _Question, answer: Output) -> None:
        if question.aspect == "kind":
            nouns[question.frame.path] = answer.text.strip().lower()
        if question.aspect in asked or question.aspect in said:
            _keep(question, answer, question.aspect in asked, described, progress)

    if "kind" in (*asked, *said) or (others and about is None):
        whom = [_Question(frame, "kind", short_question("kind", "", False)) for frame in frames]
        yield from _ask(model, whom, progress, keep)
    rest = [
        _Question(frame, aspect, _of_frame(aspect, about, nouns.get(frame.path, "")))
        for aspect in others
        for frame in frames
    ]
    yield from _ask(model, rest, progress, keep)
    if wanted.aspect == "holds":
        _conclude(frames, progress)


@dataclass(frozen=True, slots=True)
class _Question:
    frame: EvidenceFrame
    aspect: Aspect
    prompt: str


def _of_frame(aspect: Aspect, about: Subject | None, seen: str) -> str:
    """Return the short question for one frame: of whom the frame shows, if that is who is meant or nobody is named."""
    noun = about.noun if about else ""
    if is_informative(seen) and " " not in seen and (about is None or same_noun(seen, noun)):
        noun = seen
    return short_question(aspect, noun or "person", is_plural(noun))


def _ask(
    model: VisionModel, questions: Sequence[_Question], progress: VqaProgress, keep: Callable[[_Question, Output], None]
) -> Steps:
    for start in range(0, len(questions), AT_ONCE):
        batch = questions[start : start + AT_ONCE]
        answers = model.ask_each([(question.prompt, question.frame.picture) for question in batch], progress.unwanted)
        if len(answers) < len(batch):
            return
        progress.frames |= {question.frame.path for question in batch}
        for question, answer in zip(batch, answers, strict=True):
            keep(question, answer)
        yield


def _keep(question: _Question, answer: Output, asked: bool, described: str, progress: VqaProgress) -> None:
    frame, sure = question.frame, EQUAL_WEIGHT if answer.confidence is None else answer.confidence
    if asked:
        progress.observations.append(Observation(frame.moment_id, frame.path, answer.text, sure))
    else:
        finding: Finding = "confirmed" if agrees(question.aspect, answer.text, described) else "rejected"
        progress.checks.append(AspectCheck(frame.moment_id, question.aspect, finding, sure))


def ask_frame_by_frame(
    model: VisionModel, wanted: VisualQuestion, frames: Sequence[EvidenceFrame], progress: VqaProgress
) -> Steps:
    """Ask a model that follows instructions about one frame after the other."""
    for frame in frames:
        prompt = prompts.render(
            "look_frame", time=timecode(frame.time), asked=fenced("the question of the user", [wanted.question])
        )
        text = yield from _read(model, prompt, [frame.picture])
        progress.frames.add(frame.path)
        progress.observations.append(Observation(frame.moment_id, frame.path, text, EQUAL_WEIGHT))


def verify_frames(
    model: VisionModel, wanted: VisualQuestion, frames: Sequence[EvidenceFrame], progress: VqaProgress
) -> Steps:
    """Ask a model that follows instructions of each frame whether it shows what is described."""
    prompt = prompts.render("verify_frame", described=fenced("what was searched for", [wanted.description]))
    for frame in frames:
        text = yield from _read(model, prompt, [frame.picture])
        progress.frames.add(frame.path)
        progress.checks.append(AspectCheck(frame.moment_id, None, finding_of(text), EQUAL_WEIGHT))


def ask_contact_sheet(
    model: VisionModel, wanted: VisualQuestion, frames: Sequence[EvidenceFrame], progress: VqaProgress
) -> Steps:
    """Ask a model that may see much at once about one sheet with all frames, numbered and with their times."""
    asked = fenced("the question of the user", [wanted.question])
    prompt = prompts.render("look_sheet", count=len(frames), asked=asked)
    text = yield from _read(model, prompt, [sheet(frames)])
    progress.frames |= {frame.path for frame in frames}
    for number, said in sheet_answers(text):
        if 1 <= number <= len(frames):
            frame = frames[number - 1]
            progress.observations.append(Observation(frame.moment_id, frame.path, said, EQUAL_WEIGHT))


def finding_of(text: str) -> Finding:
    """Return what "yes", "no" or anything else says of a description."""
    first = re.match(r"\W*(yes|no)\b", text, re.IGNORECASE)
    if first is None:
        return "unverified"
    return "confirmed" if first[1].lower() == "yes" else "rejected"


def sheet_answers(text: str) -> Iterable[tuple[int, str]]:
    """Yield what a model said of each frame of a sheet, from lines such as `2: a dog`."""
    for line in text.splitlines():
        found = re.match(r"\W*(?:frame\s+)?(\d{1,2})\W+(\S.*)", line, re.IGNORECASE)
        if found:
            yield int(found[1]), found[2].strip()


def _conclude(frames: Sequence[EvidenceFrame], progress: VqaProgress) -> None:
    """Answer whether all that is said is so, from what was held against the frames of each moment."""
    progress.concluded = True
    for moment_id, frame in {frame.moment_id: frame for frame in reversed(frames)}.items():
        checks = [one for one in progress.checks if one.moment_id == moment_id]
        known = verification(checks)
        if known.agreed or known.missed:
            sure = sum(one.confidence for one in checks) / len(checks)
            text = {"confirmed": "yes", "rejected": "no", "unverified": "unknown"}[known.finding]
            progress.observations.append(Observation(moment_id, frame.path, text, sure))


def _read(model: VisionModel, prompt: str, pictures: Sequence[Image.Image]) -> Generator[None, None, str]:
    """Read an answer to its end, or as far as anybody would."""
    said: list[str] = []
    pieces = model.answer(prompt, pictures)
    try:
        for piece in pieces:
            said.append(piece)
            if sum(map(len, said)) > LONGEST_SAID:
                break
            yield
    finally:
        pieces.close()
    return "".join(said).strip()[:LONGEST_SAID]
