import pytest

from bot.dialogue.looking.aspects import (
    agrees,
    is_plural,
    pictured,
    said_aspects,
    same_noun,
    short_question,
    subject,
)
from bot.dialogue.reading.aspects import asked_aspect


@pytest.mark.parametrize(
    ("question", "aspect", "short"),
    [
        ("What is the man in red by the lake doing?", "action", "what is the man doing"),
        ("what colour are the dogs carrying a box wearing", "colour", "what colour are the dogs wearing"),
        ("Which colour is the man waving on a beach in?", "colour", "what colour is the man wearing"),
        ("In which place do we see the two dogs in orange coats?", "place", "where are the dogs"),
        ("where is the child", "place", "where is the child"),
        ("How many children in blue are reading on a beach?", "count", "how many children are there"),
        ("how many horses are there?", "count", "how many horses are there"),
        ("What is beside the man in red running on a beach?", "object", "what is beside the man"),
        ("how is the weather where three dogs run?", "weather", "how is the weather"),
        ("what are the three cats in pink coats beside a book doing", "action", "what are the cats doing"),
        ("in what place is the woman beside a suitcase", "place", "where is the woman"),
        ("Who is waving on the beach?", "kind", "who is there"),
        ("What happens beside the ball on the beach?", "happening", "what is happening"),
        ("What is the weather in the forest?", "weather", "how is the weather"),
        ("How many people are there in the kitchen?", "count", "how many people are there"),
    ],
)
def test_a_question_has_an_aspect_and_a_plainest_form(question: str, aspect: str, short: str) -> None:
    asked, about = asked_aspect(question), subject(question)
    assert asked == aspect
    assert asked is not None
    noun = about.noun if about else ""
    assert short_question(asked, noun, is_plural(noun)) == short


@pytest.mark.parametrize(
    "question", ["When does the ferry leave?", "Why is she late?", "How long must the soup cook?", "How old is father?"]
)
def test_what_no_picture_can_tell_has_no_aspect(question: str) -> None:
    assert asked_aspect(question) is None


def test_whether_something_is_so_is_asked_as_a_whole() -> None:
    assert asked_aspect("Is the man on the beach waving?") == "holds"


@pytest.mark.parametrize(
    ("description", "aspects"),
    [
        ("two red birds flying over a swimming pool in fog", ["kind", "count", "colour", "action", "weather"]),
        ("a woman sitting on a chair in a kitchen", ["kind", "count", "action", "place"]),
        ("the man in red by the lake", ["kind", "colour", "place"]),
        ("a dog in falling snow beside a cup", ["kind", "count", "object", "weather"]),
        ("the ferry", ["kind"]),
        ("riding a bicycle in white on a farm beside a box", ["colour", "action", "place", "object"]),
        ("at the station", ["place"]),
        ("the weather in the forest", ["place"]),
        ("", []),
    ],
)
def test_a_description_is_checked_for_what_it_says(description: str, aspects: list[str]) -> None:
    assert said_aspects(description) == aspects


@pytest.mark.parametrize(
    ("aspect", "answer", "agreed"),
    [
        ("kind", "women", True),
        ("kind", "woman", True),
        ("kind", "dog", False),
        ("count", "two", True),
        ("count", "three", False),
        ("colour", "red", True),
        ("colour", "blue", False),
        ("action", "waving", True),
        ("action", "sitting on a chair", False),
        ("place", "on a beach", True),
        ("place", "in a city at night", False),
        ("object", "a ball", True),
        ("object", "nothing", False),
        ("weather", "rain", True),
        ("colour", "unknown", False),
        ("colour", "", False),
    ],
)
def test_an_answer_is_held_against_the_description(aspect: str, answer: str, agreed: bool) -> None:
    said = "two women in red waving on a beach beside a ball in the rain"
    assert agrees(aspect, answer, said) is agreed  # type: ignore[arg-type]


def test_one_and_many_of_a_kind_are_the_same() -> None:
    assert same_noun("man", "men")
    assert same_noun("dogs", "dog")
    assert not same_noun("man", "woman")
    assert not same_noun("", "")


def test_a_place_agrees_with_its_shorter_name() -> None:
    assert agrees("place", "at a railway station", "at the station")
    assert not agrees("place", "at a railway crossing", "at the station")
    assert not agrees("place", "in a kitchen", "at the station")


@pytest.mark.parametrize(("said", "seen"), [("people", "women"), ("a person", "child"), ("somebody", "man")])
def test_people_are_men_women_and_children(said: str, seen: str) -> None:
    assert agrees("kind", seen, said)
    assert same_noun(seen, said)
    assert not agrees("kind", "dogs", said)
    assert agrees("kind", "dogs", "an animal")


def test_a_place_is_nobody() -> None:
    assert subject("at the station") is None
    assert subject("the weather in the forest") is None
    assert subject("in which kitchen does the woman cook") is not None


def test_what_somebody_holds_is_not_what_stands_beside() -> None:
    said = "a man carrying a box on a beach beside a book"
    assert agrees("object", "a book", said)
    assert not agrees("object", "a box", said)
    assert agrees("action", "carrying a box", said)
    assert not agrees("action", "reading a book", said)


def test_beside_whom_something_stands_says_who_is_meant() -> None:
    said = "beside the man sleeping on a beach"
    assert said_aspects(said) == ["kind", "action", "place"]
    assert agrees("kind", "man", said)
    assert not agrees("kind", "dog", said)


@pytest.mark.parametrize(
    ("description", "by_picture"),
    [
        ("two men in red sleeping on a beach", True),
        ("woman in yellow", True),
        ("a cat", True),
        ("name of the owner, place of purchase and price paid", False),
        ("opening image with a musician alone under a light at night", False),
        ("cow or pig", False),
    ],
)
def test_frames_speak_against_a_description_only_where_most_of_it_is_of_a_picture(
    description: str, by_picture: bool
) -> None:
    assert pictured(description) is by_picture
