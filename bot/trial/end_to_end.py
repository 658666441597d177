"""Whole questions through the whole assistant: what is asked as a person would, each in a conversation of its own.

A reply is right where its first citation is a moment that the question is about and its words say what is true of that
moment; about what is not there, where it says that nothing was found.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.dialogue.events import Answered, Clarifying
from bot.dialogue.manager import DialogueManager
from bot.dialogue.messages import Answer, Utterance
from bot.dialogue.storing.base import new_conversation_id
from bot.trial.end_to_end_questions import EndToEndKind, EndToEndQuestion
from bot.trial.metrics import Share, calibration_error, share
from bot.trial.questions import scene_in
from demo.films import Film
from demo.scenes import Scene
from retrieval.analysis import terms, words

BINS = 10
"""Groups of equal size in which confidence is held against what was right."""


@dataclass(frozen=True, slots=True)
class GradedAnswer:
    """One question and what came of it."""

    kind: EndToEndKind
    there: bool
    verdict: str
    confidence: float
    looked: bool
    cited: bool
    right: bool


@dataclass(frozen=True, slots=True)
class EndToEndReport:
    """What came of all questions.

    Attributes:
        asked: questions, those about what is not there included.
        right: right answers with a right citation, of the questions about what is there; `kinds` by kind.
        cited: right citations, of the same.
        wrong_and_confident: replies that say `answered` and are wrong, of all questions.
        refused: questions about what is not there to which nothing was found.
        refused_wrongly: the same of questions about what is there.
        looked: replies for which somebody looked.
        calibration_error: how far confidence is from the share that is right.
    """

    asked: int
    right: Share
    kinds: dict[EndToEndKind, Share]
    cited: Share
    wrong_and_confident: Share
    refused: Share
    refused_wrongly: Share
    looked: Share
    calibration_error: float


def ask_all(
    manager: DialogueManager, films: Sequence[Film], questions: Sequence[EndToEndQuestion], visible: frozenset[str]
) -> list[GradedAnswer]:
    """Ask each question in a fresh conversation, and mark the replies; a reply that failed is wrong."""
    named = {film.name: film for film in films}
    marked = []
    for question in questions:
        *_, last = manager.respond(Utterance(question.text, new_conversation_id(), visible))
        answer = last.answer if isinstance(last, Answered | Clarifying) else None
        marked.append(grade(question, answer, named))
    return marked


def grade(question: EndToEndQuestion, answer: Answer | None, named: dict[str, Film]) -> GradedAnswer:
    """Mark one reply; None where it failed. `named` are the films by their names."""
    there = question.scene is not None
    if answer is None:
        return GradedAnswer(question.kind, there, "failed", 0.0, False, False, False)
    first = answer.citations[0] if answer.citations else None
    scene = scene_in(named[first.title], first.span) if first else None
    cited = scene is not None and question.about(scene)
    told = scene is not None and cited and says(answer, question, scene)
    right = told if there else answer.verdict == "not_found"
    return GradedAnswer(question.kind, there, answer.verdict, answer.confidence, answer.looked, cited, right)


def says(answer: Answer, question: EndToEndQuestion, scene: Scene) -> bool:
    """Tell whether the first sentence that cites the first moment says what is true of the scene."""
    told = next((line for line in answer.text.splitlines() if f"[{answer.citations[0].handle}]" in line), "")
    true = question.answer(scene)
    if true == "one" and {"a", "an"} & set(words(told)):
        return True
    return set(terms(true)) <= set(terms(told))


def report(marked: Sequence[GradedAnswer]) -> EndToEndReport:
    """Count what is right."""
    there = [one for one in marked if one.there]
    kinds = dict.fromkeys(one.kind for one in there)
    return EndToEndReport(
        asked=len(marked),
        right=share([one.right for one in there]),
        kinds={kind: share([one.right for one in there if one.kind == kind]) for kind in kinds},
        cited=share([one.cited for one in there]),
        wrong_and_confident=share([one.verdict == "answered" and not one.right for one in marked]),
        refused=share([one.verdict == "not_found" for one in marked if not one.there]),
        refused_wrongly=share([one.verdict == "not_found" for one in there]),
        looked=share([one.looked for one in marked]),
        calibration_error=calibration_error([(one.confidence, one.right) for one in marked], BINS),
    )
