"""Does a follow-up find its moment as well as a full question? ActivityNet Captions, one annotator indexed.

    python benchmarks/followups.py --data DIR [--pairs 600] [--seed 3] [--home DIR]

The first turn is a sentence of the first annotator, verbatim; it finds its own moment. The second is a sentence of the
second annotator about the same video, whose leading noun phrase became he, she, they or it (`LEADING`; sentences that
it does not match are skipped and counted). A turn is right if the first moment that the answer cites lies in that video
and has IoU >= 0.5 with the sentence's. All goes through the whole assistant: planner, search, answer, store.

Beside the follow-up stand the full sentence with the video named, the full sentence alone, and the bare fragment
alone. And the reverse: the full sentence as a new topic after a first turn about another video, which must be found as
well as in a fresh conversation. Intervals are paired, by bootstrap over the pairs.
"""

import argparse
import json
import random
import re
import tempfile
import uuid
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot import bootstrap
from bot.dialogue.events import Answered, Clarifying
from bot.dialogue.messages import Answer, Utterance
from bot.settings import Settings
from retrieval.types import TimeSpan

COLLECTION = "activitynet"
VISIBLE = frozenset({COLLECTION})
RIGHT = 0.5
"""Intersection over union from which a moment is right."""

_LED = r"(?:the|a|an|one|two|three|four|several|some|many|this|that|these|another|other)"
_HEADS = {
    "he": "man|boy|guy|gentleman|male|father|dad|instructor|referee|coach|announcer|chef|barber",
    "she": "woman|girl|lady|female|mother|mom|gymnast|ballerina|bride",
    "they": "men|women|boys|girls|guys|ladies|people|kids|children|players|teams|dancers|friends|riders|students",
    "it": "dog|cat|horse|animal|bird|ball|car|boat|machine|camera|video|camel|monkey|train|bus",
}
_VERB = r"(?=\s+(?:then\s+|also\s+|now\s+)?(?:is|are|was|were|has|have|[a-z]+s|{plural})\b)"
_PLURAL = (
    "do|go|run|play|walk|stand|sit|dance|ride|throw|jump|swim|talk|continue|begin|start|take|hold|put|use|move|get|show"
)
LEADING = {
    pronoun: re.compile(
        rf"^(?:{_LED}\s+)(?:(?!(?:of|and|in|on|with|who|is|are)\b)[a-z-]+\s+){{0,3}}?(?:{heads})"
        + _VERB.format(plural=_PLURAL if pronoun == "they" else "does"),
        re.I,
    )
    for pronoun, heads in _HEADS.items()
}
"""The leading noun phrase of a sentence, by the pronoun that takes its place: "the man" of "The man runs"."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A first turn and a follow-up about one video; `other` is a first turn about another."""

    video_id: str
    span: TimeSpan
    first: str
    full: str
    fragment: str
    other: str


def fragment_of(sentence: str) -> str | None:
    """Return the sentence with a pronoun for its leading noun phrase, None where the pattern finds none."""
    for pronoun, pattern in LEADING.items():
        if found := pattern.match(sentence):
            return pronoun.capitalize() + sentence[found.end() :]
    return None


def pairs(first: dict[str, Any], second: dict[str, Any], count: int, seed: int) -> tuple[list[Pair], int, int]:
    """Draw pairs; return them, how many sentences there are to draw from, and how many were skipped."""
    rng = random.Random(seed)
    usable: list[tuple[str, str, str, TimeSpan]] = []
    skipped = 0
    for video_id in sorted(set(first) & set(second)):
        entry = second[video_id]
        for text, (start, end) in zip(entry["sentences"], entry["timestamps"], strict=True):
            sentence = " ".join(text.split())
            fragment = fragment_of(sentence)
            if fragment is None or not 0 <= start < end:
                skipped += 1
            else:
                usable.append((video_id, sentence, fragment, TimeSpan(start, end)))
    ids = sorted(first)
    drawn: list[Pair] = []
    for video_id, full, fragment, span in rng.sample(usable, min(count, len(usable))):
        other = rng.choice([name for name in rng.sample(ids, 2) if name != video_id])
        one, two = (rng.choice([" ".join(s.split()) for s in first[name]["sentences"]]) for name in (video_id, other))
        drawn.append(Pair(video_id, span, one, full, fragment, two))
    return drawn, len(usable), skipped


def ask(assistant: bootstrap.Assistant, *turns: str) -> Answer:
    """Say the turns one after the other in a fresh conversation, which is then deleted; return the last answer."""
    conversation = f"followups-{uuid.uuid4().hex}"
    for words in turns:
        *_, last = assistant.manager.respond(Utterance(words, conversation, VISIBLE))
        if not isinstance(last, Answered | Clarifying):
            raise SystemExit(f"{words!r} was not answered: {last}")
        answer = last.answer
    assistant.conversations.delete(conversation)
    return answer


def is_right(answer: Answer, pair: Pair, within: bool) -> bool:
    """Tell whether the first moment cited (`within`: of those in the video) is the one that was asked for."""
    cited = [c for c in answer.citations if not within or c.video_id == pair.video_id]
    return bool(cited) and cited[0].video_id == pair.video_id and pair.span.iou(cited[0].span) >= RIGHT


Values = NDArray[np.float64]


def interval(values: Values, resamples: int = 2_000) -> tuple[float, float]:
    """Return the 95 % bootstrap interval of a mean."""
    rng = np.random.default_rng(0)
    means = [values[rng.integers(0, len(values), len(values))].mean() for _ in range(resamples)]
    return float(np.quantile(means, 0.025)), float(np.quantile(means, 0.975))


def compared(name: str, ours: Values, theirs: Values) -> None:
    """Print the difference of two paired rows, in points, and their ratio."""
    low, high = (100 * bound for bound in interval(ours - theirs))
    ratio = ours.mean() / theirs.mean() if theirs.mean() else float("nan")
    print(f"{name:64s} {100 * ratio:6.1f} %   {100 * (ours - theirs).mean():+5.1f} [{low:+.1f}, {high:+.1f}] points")


def measure(assistant: bootstrap.Assistant, drawn: Sequence[Pair]) -> dict[str, tuple[Values, Values]]:
    """Ask everything; return by name whether each pair was right, over the library and within the video."""
    answers: dict[str, list[Answer]] = {}
    for pair in drawn:
        asked = {
            "full sentence, video named": (f"In {pair.video_id}, {pair.full[:1].lower()}{pair.full[1:]}",),
            "follow-up": (pair.first, pair.fragment),
            "full sentence": (pair.full,),
            "bare fragment": (pair.fragment,),
            "full sentence after another video": (pair.other, pair.full),
        }
        for name, turns in asked.items():
            answers.setdefault(name, []).append(ask(assistant, *turns))
    return {
        name: (
            np.array([is_right(answer, pair, False) for answer, pair in zip(given, drawn, strict=True)], float),
            np.array([is_right(answer, pair, True) for answer, pair in zip(given, drawn, strict=True)], float),
        )
        for name, given in answers.items()
    }


def report(rows: dict[str, tuple[Values, Values]]) -> None:
    """Print the table and the comparisons."""
    print(f"\n{'':36s}{'R@1':>7s} {'95 % interval':>16s}   {'first of that video':>20s}")
    for name, (over, within) in rows.items():
        low, high = interval(over)
        print(
            f"{name:36s}{100 * over.mean():7.1f}   [{100 * low:5.1f}, {100 * high:5.1f}]   {100 * within.mean():20.1f}"
        )
    print("\nof the follow-up, as a share of (target 95 %), and the paired difference")
    follow, named = rows["follow-up"], rows["full sentence, video named"]
    compared("  within the video: the full sentence with the video named", follow[1], named[1])
    compared("  answer as it is: the full sentence with the video named", follow[0], named[0])
    compared("  over the library: the full sentence alone", follow[0], rows["full sentence"][0])
    compared("  over the library: the bare fragment alone", follow[0], rows["bare fragment"][0])
    print("of a new topic after another video")
    compared(
        "  the same in a fresh conversation", rows["full sentence after another video"][0], rows["full sentence"][0]
    )


def main() -> None:
    """Index one annotator, talk with the sentences of the other."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds activitynet_captions/")
    parser.add_argument("--pairs", type=int, default=600)
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--home", type=Path, help="keep the library here and use it again")
    options = parser.parse_args()
    captions = options.data / "activitynet_captions"
    first, second = (json.loads((captions / f"val_{n}_dev.json").read_text()) for n in (1, 2))
    drawn, usable, skipped = pairs(first, second, options.pairs, options.seed)
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        settings = Settings(home=options.home or scratch, vision="none", planner="rules")
        assistant = stack.enter_context(bootstrap.assistant(settings))
        assistant.library.import_annotations(captions / "val_1_dev.json", COLLECTION)
        moments = assistant.library.catalogue.moment_count()
        print(f"{moments} moments; {len(drawn)} pairs of {usable} sentences that fit the pattern, {skipped} skipped")
        spans = {
            video.video_id: [m.span for m in assistant.library.catalogue.moments(video.video_id, VISIBLE)]
            for video in assistant.library.catalogue.videos(VISIBLE)
        }
        ceiling = np.mean([any(pair.span.iou(span) >= RIGHT for span in spans[pair.video_id]) for pair in drawn])
        print(f"{100 * ceiling:.1f} % of them have a right moment (ceiling of R@1)")
        report(measure(assistant, drawn))


if __name__ == "__main__":
    main()
