"""How an answer opens: with the words that answer, with yes or no, or by saying that nothing is sure. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.dialogue.composing import templates
from bot.dialogue.composing.answering import HELD, Answering, answering, names_in, says_so, share_held
from bot.dialogue.composing.templates import Sentence, Shown
from bot.dialogue.plan import Plan
from bot.dialogue.verdict import Judgement
from retrieval.analysis import terms
from retrieval.types import Moment


@dataclass(frozen=True, slots=True)
class Opened:
    """The sentences of an answer, the moments in their order, and what it is worth."""

    sentences: tuple[Sentence, ...]
    shown: tuple[Shown, ...]
    judgement: Judgement


def answered_by(plan: Plan, moments: Sequence[Moment]) -> Answering | None:
    """Return the words of the best moments that answer what is asked, None where it is not asked for such."""
    if not (plan.query or plan.references):
        return None
    return answering(plan.wanted, plan.wording or plan.words, plan.query, moments)


def opened(plan: Plan, shown: tuple[Shown, ...], judgement: Judgement) -> Opened:
    """Return what is said of the moments shown: where a text answers, it comes first with the words that do.

    A question of yes or no is answered so where one text holds all that it names, and is not sure where the best
    moment holds half of it or less. No answer is sure that does not hold a name which was asked about.
    """
    sentences = [*templates.quote_moments(shown, plan.query)]
    if judgement.verdict != "answered":
        return Opened(tuple(sentences), shown, judgement)
    if named := answered_by(plan, [one.moment for one in shown]):
        first = shown[named.place]
        shown = (first, *(one for one in shown if one is not first))
        quoted = [
            *templates.quote_moment(first, plan.query, named.text),
            *templates.quote_moments(shown[1:], plan.query),
        ]
        return Opened(tuple(templates.led(named.words, quoted)), shown, judgement)
    about = plan.query
    held = {stem for one in shown for stem in terms(f"{one.moment.text} {one.citation.title}")}
    if not names_in(plan.wording) & set(terms(about)) <= held:
        unsure = (templates.closest(), *sentences, *templates.missing(shown, about))
        return Opened(unsure, shown, judgement.at_most_unsure())
    if not (plan.yes_no and about) or shown[0].citation.observation:
        return Opened(tuple(sentences), shown, judgement)
    so = says_so(plan.wording or plan.words, about, shown[0].moment)
    if so is not None:
        return Opened(tuple(templates.led("Yes" if so else "No", sentences)), shown, judgement)
    if share_held(about, shown[0].moment) > HELD:
        return Opened(tuple(sentences), shown, judgement)
    unsure = (templates.closest(), *sentences, *templates.missing(shown, about))
    return Opened(unsure, shown, judgement.at_most_unsure())
