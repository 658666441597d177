"""Which of several readings a search makes the likeliest, and which are shown beside it."""

import math
from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.dialogue.plan import Plan, Reading, Reference
from bot.dialogue.reading.queries import read_query
from bot.dialogue.weighing import LEAST, MOST, evidence, meant, weight
from bot.tools.memory import VISIBLE, MemoryLibrary, video_of
from bot.tools.view import View
from retrieval.errors import NotInLibrary
from retrieval.searching.search import SearchResult


@pytest.fixture
def shelf() -> MemoryLibrary:
    return MemoryLibrary(
        (video_of("park"), [(0, 5, "A man throws a ball."), (5, 9, "A dog sleeps.")]),
        (video_of("sea"), [(0, 9, "A boat sails."), (9, 12, "A dog swims.")]),
    )


@pytest.fixture
def view(shelf: MemoryLibrary) -> View:
    return View(shelf, shelf, VISIBLE)


def way(query: str, prior: float = 0.0, videos: Sequence[str] = (), act: str = "find") -> Reading:
    return Reading(Plan(act, query, query, videos=tuple(videos), sought=read_query(query)), prior)


def test_the_reading_that_is_found_is_meant(view: View) -> None:
    here, anywhere = way("boat", 1.5, ["park"]), way("boat")
    assert meant([here, anywhere], view).plan == anywhere.plan


def test_where_all_are_found_alike_the_likelier_is_meant_and_of_equals_the_first(view: View) -> None:
    here, anywhere = way("dog", 0.6, ["park"]), way("dog")
    assert meant([anywhere, here], view).plan == here.plan
    equal = way("dog", 0.0, ["sea"])
    assert meant([anywhere, equal], view).plan == anywhere.plan
    assert meant([equal, anywhere], view).plan == equal.plan


def test_where_none_is_found_the_likeliest_is_meant(view: View) -> None:
    assert meant([way("zebra", 1.0, ["sea"]), way("zebra")], view).plan.videos == ("sea",)


def test_of_one_reading_alone_nothing_is_searched(shelf: MemoryLibrary, view: View) -> None:
    only = way("zebra")
    assert (meant([only], view).plan, meant([only], view).others) == (only.plan, ())
    assert shelf.asked == []


def test_what_no_search_can_tell_goes_by_its_prior(shelf: MemoryLibrary, view: View) -> None:
    told = Reading(Plan("chat", "nice", chat="remark"), 0.5, searched=False)
    assert (weight(told, view), shelf.asked) == (0.5, [])
    assert meant([told, way("zebra")], view).plan.act == "chat"
    assert meant([told, way("dog")], view).plan.act == "find"


def test_what_is_asked_of_a_picture_stays_likely_whatever_the_texts_say(view: View) -> None:
    pictured = replace(way("zebra", 0.6, ["park"], "ask"), at_least=-0.9)
    assert weight(pictured, view) == -0.9
    assert meant([way("zebra"), pictured], view).plan == pictured.plan


def test_readings_that_are_nearly_as_likely_are_kept_beside_it(view: View) -> None:
    here, there, nowhere = way("dog", 0.6, ["park"]), way("dog", 0.0, ["sea"]), way("zebra")
    found = meant([here, there, nowhere], view)
    assert (found.plan, found.others) == (here.plan, (there.plan,))


def test_only_what_shows_moments_is_kept_beside_it_and_two_at_most(view: View) -> None:
    counted = way("dog", 0.5, act="count")
    several = [way("dog", 0.4 - number / 10) for number in range(4)]
    found = meant([way("dog", 0.6), counted, *several], view)
    assert len(found.others) == 2
    assert all(plan.act == "find" for plan in found.others)


def test_a_reading_of_what_is_gone_is_an_error(view: View) -> None:
    gone = Reading(Plan("find", "dog", "dog", references=(Reference("handle", "[1]", ("gone:1",)),)))
    with pytest.raises(NotInLibrary):
        meant([gone, way("dog")], view)


def test_evidence_is_in_log_odds_and_bounded(view: View) -> None:
    hits = view.search(read_query("dog"), 1).hits
    assert evidence(SearchResult((), 1.0, 0.0, {})) == LEAST
    for confidence, odds in ((0.0, LEAST), (0.5, 0.0), (0.8, math.log(4)), (1.0, MOST)):
        assert evidence(SearchResult(hits, confidence, 0.0, {})) == pytest.approx(odds)
