"""The planner of rules: what it adds to the readings of the words."""

import pytest
from PIL import Image

from bot.dialogue.conversation import Conversation
from bot.dialogue.messages import Utterance
from bot.dialogue.plan import Plan
from bot.dialogue.planner import RulePlanner, words_of
from bot.dialogue.reading.utterance import LONGEST_READ
from bot.tools.memory import VISIBLE, video_of
from tests.unit.bot.dialogue.reading.talks import NEW, SHOWN, VIDEOS

PICTURE = Image.new("RGB", (4, 4))


def planned(text: str, conversation: Conversation = NEW, image: Image.Image | None = None) -> list[Plan]:
    utterance = Utterance(text, "c", VISIBLE, image)
    return [reading.plan for reading in RulePlanner().readings(conversation, utterance, VIDEOS)]


def test_the_users_own_words_stay_beside_every_rewrite() -> None:
    made = planned("and where does  a bird\nsing?", SHOWN)
    assert {plan.words for plan in made} == {"and where does a bird sing?"}
    assert made[0].query == "bird sing"


def test_of_a_very_long_text_only_the_beginning_is_read() -> None:
    assert len(words_of(Utterance("dog " * 5_000, "c", VISIBLE))) <= LONGEST_READ


@pytest.mark.parametrize(
    ("text", "act", "query"),
    [
        ("where is this?", "find", ""),
        ("thanks!", "find", ""),
        ("where is this dog in chaplin.mp4?", "find", "dog"),
    ],
)
def test_by_a_picture_this_is_the_picture_and_nothing_shown_before(text: str, act: str, query: str) -> None:
    (plan,) = planned(text, SHOWN, PICTURE)
    assert (plan.act, plan.query, plan.references) == (act, query, ())


def test_a_picture_is_looked_for_in_the_video_that_is_named() -> None:
    (plan,) = planned("where is this in the chaplin film?", image=PICTURE)
    assert plan.videos == ("chaplin",)


def test_videos_that_come_and_go_are_known_at_once() -> None:
    planner, asked = RulePlanner(), Utterance("what happens in the video dunes?", "c", VISIBLE)
    assert planner.readings(NEW, asked, VIDEOS)[0].plan.videos == ()
    assert planner.readings(NEW, asked, [*VIDEOS, video_of("dunes")])[0].plan.videos == ("dunes",)
    assert planner.readings(NEW, asked, VIDEOS)[0].plan.videos == ()
