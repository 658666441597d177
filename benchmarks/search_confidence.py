"""Does the confidence of a search say what comes true? Fits its constants, and reports on libraries held out.

    python benchmarks/search_confidence.py --data DIR [--cache FILE] [--sizes 12 60 600] [--fit] [--cases FILE]

`confidence` means: how likely it is that the library holds what was asked. Libraries and questions are those of
`question_sets.py`; questions and those with talk around them are searched for as the assistant does, in three
wordings at once. Printed for each kind of library held out: AUROC of what is there against what is not, the calibration
error, and at each threshold of `bot/dialogue/verdict.py` the share of present and of absent
questions that reach it, and of how many present ones that do neither of the first two hits is right.
"""

import argparse
import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from question_sets import Asked, Captions, Drawn, Half, Speech, drawn_films
from text_library import VISIBLE, opened

from bot.dialogue.conversation import Conversation
from bot.dialogue.messages import Utterance
from bot.dialogue.planner import RulePlanner
from bot.dialogue.reading.completing import completed
from bot.dialogue.reading.queries import plain_query
from bot.dialogue.verdict import ANSWERED_FROM, LIKELY_FROM, MATCHES_FROM
from bot.trial.metrics import calibration_error
from retrieval.encoders.base import TextInWords, WordEncoder
from retrieval.encoders.lazy import Encoders
from retrieval.encoders.minilm import MiniLM
from retrieval.searching.calibration import Evidence, confidence, signs
from retrieval.searching.query import Query
from retrieval.spaces import Vectors

LIBRARIES = {12: 6}
"""How many libraries of a size are drawn for each half; of others one."""

FIRST = 2
"""Hits among which a right one counts."""

RIDGE = 2.0
"""Weight of the squares of the constants, so that few cases make no extreme ones."""

Floats = NDArray[np.float64]


class Remembering:
    """A text encoder that keeps its vectors in a file: the same texts are in many libraries."""

    def __init__(self, encoder: WordEncoder, file: Path | None) -> None:
        self.space, self.pieces, self.knows = encoder.space, encoder.pieces, encoder.knows
        self._encoder, self._file = encoder, file
        self._read: dict[str, TextInWords] = {}
        self._known: dict[str, Vectors] = {}
        if file is not None and file.exists():
            with np.load(file) as kept:
                self._known = dict(zip(json.loads(str(kept["texts"])), kept["vectors"], strict=True))

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector per text, float32 `(texts, dimension)`."""
        new = sorted({text for text in texts if text not in self._known}, key=len)
        self._known.update(zip(new, self._encoder.encode(new), strict=True))
        return np.stack([self._known[text] for text in texts]) if texts else self._encoder.encode([])

    def in_words(self, texts: Sequence[str]) -> list[TextInWords]:
        """Return each text with its words."""
        new = sorted({text for text in texts if text not in self._read}, key=len)
        self._read.update(zip(new, self._encoder.in_words(new), strict=True))
        return [self._read[text] for text in texts]

    def save(self) -> None:
        """Write what is known."""
        if self._file is not None:
            np.savez(self._file, texts=json.dumps(list(self._known)), vectors=np.stack(list(self._known.values())))


@dataclass(frozen=True, slots=True)
class Case:
    """What came of one question: whether it is about what is there, and whether one of the first two hits is right."""

    name: str
    half: Half
    form: str
    there: bool
    foreign: bool
    right: bool
    evidence: Evidence

    @property
    def confidence(self) -> float:
        """How sure the search is by its constants."""
        return confidence(self.evidence)


def asked_as(asked: Asked) -> Query:
    """Return what is searched for: words as they are typed, or questions as the assistant takes them."""
    if asked.form not in ("question", "chatty", "typed"):
        return plain_query(asked.text)
    plans = RulePlanner().readings(Conversation("c"), Utterance(asked.text, "c", VISIBLE), [])
    sought = completed(plans[0].plan, Conversation("c")).sought
    return sought if sought.text else plain_query(asked.text)


def cases(drawn: Drawn, encoder: Remembering) -> list[Case]:
    """Make a library and ask it everything."""
    found = []
    with opened(drawn.texts, Encoders(lambda: encoder)) as searcher:
        queries = [asked_as(asked) for asked in drawn.asked]
        encoder.in_words([text for query in queries for text in (query.text, *query.wordings)])  # in full batches
        for asked, query in zip(drawn.asked, queries, strict=True):
            result = searcher.search(query, VISIBLE, 10)
            if result.evidence is not None:
                right = asked.right is not None and any(map(asked.right, result.hits[:FIRST]))
                about = (asked.form, asked.right is not None, asked.foreign, right)
                found.append(Case(drawn.name, drawn.half, *about, result.evidence))
    return found


def drawn(data: Path, sizes: Sequence[int], seed: int) -> Iterable[Drawn]:
    """Draw all libraries."""
    captions, speech = Captions(data / "activitynet_captions"), Speech(data / "tutorials")
    for half in ("fit", "held out"):
        rng = random.Random(f"{seed} {half}")
        for size in sizes:
            for _ in range(LIBRARIES.get(size, 1)):
                yield captions.draw(size, half, min(2 * size, 100), rng)  # type: ignore[arg-type]
        for size in (12, 12, 38):
            yield speech.draw(size, half, 50, captions, rng)  # type: ignore[arg-type]
        for size, count in ((12, 1), (60, 1)):
            for number in range(count):
                yield drawn_films(size, half, 50, 1_000 * (half == "fit") + size + number)  # type: ignore[arg-type]


def kind(case: Case) -> str:
    """Return what counts alike in the fit: a kind of library, present, absent or foreign."""
    return f"{case.name} {case.there} {case.foreign}"


def fitted(found: Sequence[Case]) -> Floats:
    """Return the constants by logistic regression; each kind of question counts alike."""
    rows = np.array([signs(case.evidence) for case in found])
    x, y = np.column_stack([np.ones(len(rows)), rows]), np.array([float(case.there) for case in found])
    counts = {name: sum(kind(case) == name for case in found) for name in {kind(case) for case in found}}
    weights = np.array([1 / counts[kind(case)] for case in found])
    weights *= len(found) / weights.sum()
    constants = np.zeros(x.shape[1])
    for _ in range(50):  # Newton's method
        chance = 1 / (1 + np.exp(-x @ constants))
        slope = x.T @ (weights * (y - chance)) - RIDGE * constants
        bend = (x * (weights * chance * (1 - chance))[:, None]).T @ x + RIDGE * np.eye(len(constants))
        constants = constants + np.linalg.solve(bend, slope)
    return constants


def auroc(present: Sequence[float], absent: Sequence[float]) -> float:
    """Return how likely a present one is surer than an absent one."""
    one, other = np.array(present)[:, None], np.array(absent)[None]
    return float(np.mean((one > other) + 0.5 * (one == other)))


def report(found: Sequence[Case]) -> None:
    """Print a row for each kind of library, and one for each form."""
    thresholds = (MATCHES_FROM, LIKELY_FROM, ANSWERED_FROM)
    print(
        f"{'':24s} asked  AUROC foreign  ECE   present/absent/foreign reach %, wrong % of present that do: "
        + ", ".join(f"{t:g}" for t in thresholds)
    )
    names = list(dict.fromkeys(case.name for case in found))
    groups = {name: [case for case in found if case.name == name] for name in names}
    groups |= {f"form {form}": [c for c in found if c.form == form] for form in dict.fromkeys(c.form for c in found)}
    for name, group in groups.items():
        sure = {id(case): case.confidence for case in group}
        there, absent = [c for c in group if c.there], [c for c in group if not c.there and not c.foreign]
        foreign = [c for c in group if c.foreign]
        of = [
            auroc([sure[id(c)] for c in there], [sure[id(c)] for c in no]) if there and no else np.nan
            for no in (absent, foreign)
        ]
        error = calibration_error([(sure[id(c)], c.there) for c in group])
        row = f"{name:24s} {len(group):5d}  {of[0]:.3f}  {of[1]:.3f}  {error:.3f}"
        for threshold in thresholds:
            shares = [
                100 * np.mean([sure[id(c)] >= threshold for c in part]) if part else np.nan
                for part in (there, absent, foreign)
            ]
            reached = [c for c in there if sure[id(c)] >= threshold]
            wrong = 100 * np.mean([not c.right for c in reached]) if reached else 0.0
            row += "   " + "/".join(f"{share:.0f}" for share in shares) + f" {wrong:.0f}"
        print(row, flush=True)


def main() -> None:
    """Ask everything, fit if asked to, report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds activitynet_captions/, tutorials/")
    parser.add_argument("--cache", type=Path, help="keep the vectors of texts here (.npz)")
    parser.add_argument("--cases", type=Path, help="keep what came of the questions here (.json) and use it again")
    parser.add_argument("--sizes", type=int, nargs="+", default=[12, 60, 600], help="of libraries of captions")
    parser.add_argument("--fit", action="store_true", help="print constants fitted on the half for it")
    parser.add_argument("--seed", type=int, default=3)
    options = parser.parse_args()
    if options.cases is not None and options.cases.exists():
        kept = json.loads(options.cases.read_text())
        found = [Case(**{**one, "evidence": Evidence(**one["evidence"])}) for one in kept]
    else:
        encoder, found = Remembering(MiniLM(), options.cache), []
        for library in drawn(options.data, options.sizes, options.seed):
            found += cases(library, encoder)
            print(f"{library.name}, {library.half}: {len(library.asked)} questions", flush=True)
            if options.cases is not None:
                options.cases.write_text(json.dumps([asdict(case) for case in found]))
        encoder.save()
    if options.fit:
        constants = fitted([case for case in found if case.half == "fit"])
        print("constants:", ", ".join(f"{value:.2f}" for value in constants))
    report([case for case in found if case.half == "held out"])


if __name__ == "__main__":
    main()
