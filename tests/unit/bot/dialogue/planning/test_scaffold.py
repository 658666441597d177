import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.planning.scaffold import strip


@pytest.mark.parametrize(
    ("question", "query"),
    [
        ("Where does a bird flap its wings?", "a bird flap its wings"),
        ("When is a red car driving?", "a red car driving"),
        ("Which moment shows two hands taking bottles away?", "two hands taking bottles away"),
        ("Show me the mirror of the telescope up close.", "the mirror of the telescope up close"),
        ("Is there a moment with an elephant?", "an elephant"),
        ("Find a policeman.", "a policeman"),
        ("Can you find me the moment where a dog jumps, please?", "a dog jumps"),
        ("I would like to see people dancing", "people dancing"),
        ("Do you have any clips of sunsets?", "sunsets"),
        ("Which clips show sign language?", "sign language"),
        ("Is there a dog in any video?", "a dog"),
        ("Could you show me all scenes with a horse in my library?", "a horse"),
        ("telescope", "telescope"),
    ],
)
def test_a_wish_to_find_is_stripped_to_what_is_to_be_found(question: str, query: str) -> None:
    stripped = strip(question)
    assert (stripped.query, stripped.kind) == (query, "find")


@pytest.mark.parametrize(
    ("question", "query"),
    [
        ("What does the squirrel do?", "the squirrel"),
        ("Who signs the word book?", "signs the word book"),
        ("What is happening in the kitchen?", "the kitchen"),
        ("How many bottles stand on the table?", "bottles stand on the table"),
        ("what colour is the car?", "the car"),
        ("Is the hand's sleeve red there?", "the hand's sleeve red"),
        ("Tell me about the man with the hat", "the man with the hat"),
    ],
)
def test_a_wish_to_know_is_stripped_to_what_it_is_about(question: str, query: str) -> None:
    stripped = strip(question)
    assert (stripped.query, stripped.kind) == (query, "ask")


@pytest.mark.parametrize(
    "caption",
    ["A man plays the piano", "two people are dancing on a stage", "He is seen speaking to the camera", "show jumping"],
)
def test_a_sentence_that_is_no_question_stays_whole(caption: str) -> None:
    assert strip(caption).query == caption


def test_quoted_phrases_and_exclusions_stay() -> None:
    assert strip('Show me "red car" -blue').query == '"red car" -blue'


@pytest.mark.parametrize("question", ["", "?", "who", "Where?", "find", "show me", "what is it", "is there anything"])
def test_scaffolding_around_nothing_leaves_nothing(question: str) -> None:
    assert strip(question).query == ""


@given(st.text(max_size=200))
def test_any_text_can_be_stripped_and_stripping_ends(text: str) -> None:
    assert len(strip(text).query) <= len(text)


@pytest.mark.parametrize(
    ("question", "query"),
    [
        ("how many men in blue do we see sitting at a harbour", "men in blue sitting at a harbour"),
        ("who can we see reading a book in a kitchen", "reading a book in a kitchen"),
        ("what can we see the bird in yellow do", "the bird in yellow"),
        ("what do we see beside the man on a beach", "beside the man on a beach"),
        ("which object is beside the man on a beach", "beside the man on a beach"),
        ("which colour is the cat eating at a harbour in", "the cat eating at a harbour"),
        ("what colour are the coats of the two cats", "the two cats"),
        ("in which place do we see the three women running", "the three women running"),
        ("what weather do we see where the cat is eating", "the cat is eating"),
        ("what is the weather like while they run in the park", "they run in the park"),
        ("how many dogs are there on the farm", "dogs on the farm"),
    ],
)
def test_whoever_watches_and_what_is_asked_are_no_part_of_the_moment(question: str, query: str) -> None:
    assert strip(question).query == query
