"""What a look at frames may change: what was found by what is seen, and nothing that a text says."""

from pathlib import Path

from bot.dialogue.acts.choosing import chosen
from bot.dialogue.acts.gathering import Gathered, Outcome
from bot.dialogue.looking.verifying import AspectCheck, Finding
from bot.dialogue.looking.visual_answerer import VqaResult
from bot.tools.pieces import Piece, Ranking
from retrieval.types import ArmScore, Moment, TextSource, TimedText, TimeSpan

SPAN = TimeSpan(0, 5)


def piece(name: str, *texts: tuple[TextSource, str], arms: tuple[str, ...] = ("frames", "meaning")) -> Piece:
    """A hit with these texts, found by these arms, the first of them best."""
    moment = Moment(f"{name}:1", name, SPAN, tuple(TimedText(SPAN, text, source) for source, text in texts))
    ranking = Ranking(1.0, tuple((arm, ArmScore(place + 1, 1.0)) for place, arm in enumerate(arms)))
    return Piece(moment, SPAN, name, Path("frame.png"), ranking)


def found(*pieces: Piece, outcome: Outcome = "found") -> Gathered:
    shown = () if outcome == "nothing" else pieces[:1]
    return Gathered(outcome, shown, 0.7, len(shown), candidates=pieces)


def looked(concluded: bool = False, **findings: Finding) -> VqaResult:
    checks = [
        AspectCheck(f"{name}:1", aspect, finding, 1.0)
        for name, finding in findings.items()
        for aspect in ("kind", "colour", "action")
    ]
    return VqaResult("eyes", checks=tuple(checks), frames=len(findings), concluded=concluded)


SAID = piece("said", ("subtitle", "Clara bought the umbrella for eleven euros."), ("vision", "a man sits"))
SEEN = piece("seen", ("subtitle", "Good morning."), ("vision", "a woman in red holds an umbrella"))
OTHER = piece("other", ("vision", "a woman in red runs"))


def test_what_a_text_says_stays_whatever_the_frames_show() -> None:
    gathered = found(SAID, SEEN)
    assert chosen("umbrella euros", gathered, looked(said="rejected", seen="confirmed"), 3) is gathered


def test_what_only_a_picture_tells_is_refused_by_it() -> None:
    gathered = chosen("woman red umbrella", found(SEEN, OTHER), looked(seen="rejected", other="rejected"), 3)
    assert (gathered.outcome, gathered.pieces) == ("nothing", ())


def test_frames_choose_among_what_was_found_by_what_is_seen() -> None:
    gathered = chosen("woman red umbrella", found(OTHER, SEEN), looked(seen="confirmed", other="rejected"), 3)
    assert gathered.pieces == (SEEN,)


def test_frames_that_show_it_not_make_no_answer_of_what_a_search_did_not_find() -> None:
    gathered = chosen("woman red umbrella", found(SEEN, outcome="nothing"), looked(True, seen="rejected"), 3)
    assert gathered.outcome == "nothing"


def test_where_no_word_is_held_the_arm_decides_whether_a_text_or_a_picture_found_it() -> None:
    texts = (("subtitle", "He broke his leg."), ("vision", "a man sits"))
    assert piece("a", *texts, arms=("meaning", "frames")).found_by_texts("injury of the climber")
    assert not piece("a", *texts, arms=("frames", "meaning")).found_by_texts("injury of the climber")
    assert not piece("a", ("vision", "a man sits"), arms=("meaning",)).found_by_texts("injury")
