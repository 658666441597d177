"""Fits the constants of `bot/dialogue/looking/confidence.py` on questions about films that no reported figure uses.

    vdialog evaluate world --seed 101 --questions 2 --keep DIR/101      (and 102, 103, ...)
    python benchmarks/confidence.py --data DIR --seeds 101 102 103 [--films 24] [--questions 200]

Every hit that was looked at is one case: is it a moment that the question is about? Every vote on a hit that is, is
another: is what the frames said true? Wordings are those to try things out on; the test's are left for the reports.
"""

import argparse
from collections.abc import Callable, Generator, Sequence
from pathlib import Path

import numpy as np

from bot import bootstrap, settings
from bot.dialogue.events import Event
from bot.dialogue.looking.visual_answerer import LoadVisionModel, VisualAnswerer, VqaResult
from bot.dialogue.looking.visual_question import VisualQuestion
from bot.dialogue.manager import DialogueManager
from bot.dialogue.messages import Utterance
from bot.dialogue.planner import RulePlanner
from bot.dialogue.storing.base import new_conversation_id
from bot.dialogue.storing.memory import MemoryConversations
from bot.tools.pieces import Piece
from bot.trial.end_to_end_questions import absent_end_to_end_questions, end_to_end_questions
from bot.trial.films import films
from bot.trial.questions import scene_in
from retrieval.analysis import words

RIDGE = 0.05
"""Weight of the squares of the constants, so that few cases make no extreme ones."""


class Recording(VisualAnswerer):
    """Looks, and remembers the moments that it was last shown, each with what came of looking."""

    def __init__(self, load_model: LoadVisionModel) -> None:
        super().__init__(load_model)
        self.seen: list[tuple[Piece, VqaResult]] = []

    def look(
        self, wanted: VisualQuestion, pieces: Sequence[Piece], cancelled: Callable[[], bool]
    ) -> Generator[Event, None, VqaResult]:
        """Look."""
        looked = yield from super().look(wanted, pieces, cancelled)
        self.seen = [(piece, looked) for piece in pieces]
        return looked


def cases(folder: Path, seed: int, count: int, questions: int) -> tuple[list[list[float]], list[list[float]]]:
    """Return cases of hits (missed, agreed, place, right) and of votes (share, confidence, right) of one world."""
    drawn = films(seed, count)
    named = {film.name: film for film in drawn}
    asked = [
        *end_to_end_questions(drawn, seed, questions, "train"),
        *absent_end_to_end_questions(drawn, seed, questions // 2, "train"),
    ]
    own = settings.load(**bootstrap.sample_models()).model_copy(update={"home": folder / "library"})
    load_model = bootstrap.vision_model(own)
    assert load_model is not None
    answerer = Recording(load_model)
    hits: list[list[float]] = []
    votes: list[list[float]] = []
    with bootstrap.library(own) as library:
        manager = DialogueManager(library.catalogue, library.searcher, RulePlanner(), MemoryConversations(), answerer)
        visible = library.catalogue.collections()
        for question in asked:
            answerer.seen = []
            *_, _last = manager.respond(Utterance(question.text, new_conversation_id(), visible))
            for place, (piece, looked) in enumerate(answerer.seen):
                scene = scene_in(named[piece.title], piece.span)
                known, vote = looked.verification(piece.moment.moment_id), looked.vote(piece.moment.moment_id)
                right = question.about(scene)
                if known.agreed or known.missed:
                    hits.append([known.missed, known.agreed, float(min(place, 4)), float(right)])
                if vote.text and right:
                    true = words(vote.text) == words(question.answer(scene))
                    votes.append([vote.share, vote.confidence, float(true)])
    return hits, votes


def fitted(table: Sequence[Sequence[float]]) -> np.ndarray:
    """Return the constants of a logistic regression: the offset, then one for each column but the last, the label."""
    rows = np.asarray(table, dtype=np.float64)  # (cases, columns)
    x, y = np.column_stack([np.ones(len(rows)), rows[:, :-1]]), rows[:, -1]
    found = np.zeros(x.shape[1])
    for _ in range(50):  # Newton's method
        chance = 1 / (1 + np.exp(-x @ found))
        slope = x.T @ (y - chance) - RIDGE * found
        bend = (x * (chance * (1 - chance))[:, None]).T @ x + RIDGE * np.eye(len(found))
        found = found + np.linalg.solve(bend, slope)
    return found


def main() -> None:
    """Ask, fit, and print the constants."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of kept worlds, each named by its seed")
    parser.add_argument("--seeds", type=int, nargs="+", required=True)
    parser.add_argument("--films", type=int, default=24)
    parser.add_argument("--questions", type=int, default=200)
    options = parser.parse_args()
    hits: list[list[float]] = []
    votes: list[list[float]] = []
    for seed in options.seeds:
        more_hits, more_votes = cases(options.data / str(seed), seed, options.films, options.questions)
        hits += more_hits
        votes += more_votes
    print(f"{len(hits)} hits, {len(votes)} votes")
    for name, value in zip(("OFFSET", "MISSED", "AGREED", "PLACE"), fitted(hits), strict=True):
        print(f"SHOWS_{name} = {value:.2f}")
    for name, value in zip(("OFFSET", "SHARE", "SURE"), fitted(votes), strict=True):
        print(f"TELLS_{name} = {value:.2f}")


if __name__ == "__main__":
    main()
