"""How a vision model is asked about frames: many short questions at once, one prompt after the other, or a sheet.

What comes of it is gathered as it comes, so that a model that fails half-way leaves what it had said. All of these
are generators that yield nothing of worth: they yield so that they can be stopped.
"""

import re
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from PIL import Image

import prompts
from bot.dialogue.aspects import agrees, checks, short_question, subject
from bot.dialogue.evidence import Frame, sheet
from bot.dialogue.verifying import Finding, Held, verification
from bot.dialogue.votes import Observation
from bot.dialogue.wanted import Wanted
from bot.untrusted import fenced
from bot.vision.base import VisionModel
from retrieval.types import timecode

AT_ONCE = 8
"""Short questions that are asked together; between two such batches a model can be stopped."""

EVEN = 1.0
"""What counts as the confidence of answers whose model gives none: all weigh the same."""

LONGEST_SAID = 1_000
"""Characters of one answer that are read; a model that goes on is stopped."""

Steps = Generator[None, None, None]


@dataclass(slots=True)
class Sight:
    """What was seen so far."""

    observations: list[Observation] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)
    frames: set[Path] = field(default_factory=set)


def short_glances(model: VisionModel, wanted: Wanted, frames: Sequence[Frame], sight: Sight) -> Steps:
    """Ask a small model, many questions at once: for the aspect that is asked, and for each that is said."""
    about = subject(wanted.about)
    described = wanted.description or (wanted.about if wanted.aspect == "holds" else "")
    said = [check for check in checks(described) if check.aspect != wanted.aspect]
    question = short_question(wanted.aspect, about) if wanted.aspect not in (None, "holds") else ""
    rest = iter(
        [
            *((frame, None, question) for frame in frames if question),
            *((frame, check, check.question) for frame in frames for check in said),
        ]
    )
    while batch := list(islice(rest, AT_ONCE)):
        answers = model.ask_each([(prompt, frame.picture) for frame, _, prompt in batch])
        for (frame, check, _), answer in zip(batch, answers, strict=True):
            sight.frames.add(frame.path)
            sure = EVEN if answer.confidence is None else answer.confidence
            if check is None:
                sight.observations.append(Observation(frame.moment_id, frame.path, answer.text, sure))
            else:
                finding: Finding = "confirmed" if agrees(check, answer.text, described) else "rejected"
                sight.held.append(Held(frame.moment_id, check.aspect, finding, sure))
        yield
    if wanted.aspect == "holds":
        _conclude(frames, sight)


def free_glances(model: VisionModel, wanted: Wanted, frames: Sequence[Frame], sight: Sight) -> Steps:
    """Ask a model that follows instructions about one frame after the other."""
    for frame in frames:
        prompt = prompts.render(
            "look_frame", time=timecode(frame.time), asked=fenced("the question of the user", [wanted.question])
        )
        text = yield from _read(model, prompt, [frame.picture])
        sight.frames.add(frame.path)
        sight.observations.append(Observation(frame.moment_id, frame.path, text, EVEN))


def verifying_glances(model: VisionModel, wanted: Wanted, frames: Sequence[Frame], sight: Sight) -> Steps:
    """Ask a model that follows instructions of each frame whether it shows what is described."""
    prompt = prompts.render("verify_frame", described=fenced("what was searched for", [wanted.description]))
    for frame in frames:
        text = yield from _read(model, prompt, [frame.picture])
        sight.frames.add(frame.path)
        sight.held.append(Held(frame.moment_id, None, finding_of(text), EVEN))


def sheet_glances(model: VisionModel, wanted: Wanted, frames: Sequence[Frame], sight: Sight) -> Steps:
    """Ask a model that may see much at once about one sheet with all frames, numbered and with their times."""
    asked = fenced("the question of the user", [wanted.question])
    prompt = prompts.render("look_sheet", count=len(frames), asked=asked)
    text = yield from _read(model, prompt, [sheet(frames)])
    sight.frames |= {frame.path for frame in frames}
    for number, said in numbered(text):
        if 1 <= number <= len(frames):
            frame = frames[number - 1]
            sight.observations.append(Observation(frame.moment_id, frame.path, said, EVEN))


def finding_of(text: str) -> Finding:
    """Return what "yes", "no" or anything else says of a description."""
    first = re.match(r"\W*(yes|no)\b", text, re.IGNORECASE)
    if first is None:
        return "unverified"
    return "confirmed" if first[1].lower() == "yes" else "rejected"


def numbered(text: str) -> Iterable[tuple[int, str]]:
    """Yield what a model said of each frame of a sheet, from lines such as `2: a dog`."""
    for line in text.splitlines():
        found = re.match(r"\W*(?:frame\s+)?(\d{1,2})\W+(\S.*)", line, re.IGNORECASE)
        if found:
            yield int(found[1]), found[2].strip()


def _conclude(frames: Sequence[Frame], sight: Sight) -> None:
    """Answer whether all that is said is so, from what was held against the frames of each moment."""
    for moment_id, frame in {frame.moment_id: frame for frame in reversed(frames)}.items():
        held = [one for one in sight.held if one.moment_id == moment_id]
        known = verification(held)
        if known.of:
            sure = sum(one.confidence for one in held) / len(held)
            text = {"confirmed": "yes", "rejected": "no", "unverified": "unknown"}[known.finding]
            sight.observations.append(Observation(moment_id, frame.path, text, sure))


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
