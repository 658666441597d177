import json
from collections.abc import Iterator, Sequence
from itertools import islice

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.dialogue.messages import Answer, Citation
from bot.slack import blocks, notices, posts
from bot.slack.blocks import ButtonValue
from bot.slack.posts import Card, Post
from retrieval.types import TimeSpan, whole
from tests.slack_server.validation import problems

TEXT = st.text(st.sampled_from("abc .:/@<>[]()!#*_~`&\n\U0001f600") | st.characters(), max_size=60)
LONG = st.builds(lambda text, times: (text or "a") * times, TEXT, st.integers(0, 700))
ANY = TEXT | LONG
CITATIONS = st.builds(
    Citation,
    st.integers(1, 99),
    st.just("clip:1"),
    st.just("clip"),
    ANY,
    st.builds(lambda start, long: TimeSpan(start, start + long), st.floats(0, 90_000), st.floats(0.1, 900)),
    observation=st.none() | ANY,
)
LINKS = st.none() | st.just("https://media.example/x?t=1")
CARDS = st.builds(Card, CITATIONS, st.just("r1"), ANY, st.none() | st.just("F1"), LINKS, st.booleans())
HARBOUR = Citation(2, "harbour:3", "harbour", "Harbour <!here>", TimeSpan(83.2, 91.0), observation="a *ferry*")


def answer(text: str, choices: Sequence[str] = ()) -> Answer:
    return Answer(text, "clarify" if choices else "answered", "c1", "find", "ferry", choices=tuple(choices))


def shown(made: Post) -> str:
    """Return what a person reads in the sections of a post."""
    return "".join(block["text"]["text"] for block in made.blocks if block["type"] == "section")  # type: ignore[index]


def checked(made: Post) -> Post:
    assert problems(list(made.blocks)) == []
    json.dumps(made.payload(), ensure_ascii=False).encode()
    assert 0 < len(made.text) <= 4_000
    assert "<" not in made.text.replace("&lt;", "")
    return made


def buttons(made: Post) -> Iterator[dict[str, object]]:
    for block in made.blocks:
        yield from (one for one in block.get("elements", []) if one["type"] == "button")  # type: ignore[attr-defined]


@given(ANY)
def test_slack_takes_every_answer_and_none_of_it_is_lost(text: str) -> None:
    reply = posts.answered(answer(text), "r1")
    for made in reply.posts:
        checked(made)
    assert reply.posts[-1].blocks[-1] == blocks.feedback("r1")
    told = "".join(shown(made) for made in reply.posts)
    everything = told if reply.whole is None else reply.whole
    assert (
        "".join(whole(everything).split()) == "".join(whole(posts.inert(text)).split()) or not posts.inert(text).strip()
    )


def test_an_answer_of_twenty_thousand_characters_goes_out_as_a_file_with_its_beginning() -> None:
    text = "The ferry leaves at noon. " * 800
    reply = posts.answered(answer(text), "r1")
    assert reply.whole == text and len(reply.posts) == 1
    assert shown(checked(reply.posts[0])).startswith("The ferry leaves") and len(shown(reply.posts[0])) <= 3_000
    assert "file" in json.dumps(reply.posts[0].blocks)


def test_a_long_answer_is_split_at_its_lines() -> None:
    text = "\n".join(f"{number}. The ferry of the day leaves." for number in range(300))
    reply = posts.told(text)
    assert reply.whole is None
    pieces = [block["text"]["text"] for made in reply.posts for block in made.blocks]  # type: ignore[index]
    assert len(pieces) > 2 and "".join(pieces) == text and all(piece[0].isdigit() for piece in pieces)


@given(st.lists(CARDS, max_size=23))
def test_slack_takes_all_moments_and_buttons_carry_short_ids(cards: list[Card]) -> None:
    made = posts.moments(cards)
    for one in made:
        checked(one)
    assert sum(one.text.count("\n") + 1 for one in made) >= len(made)
    values = [str(pressed["value"]) for one in made for pressed in buttons(one)]
    assert {ButtonValue.read(value).reply for value in values} <= {"r1"}
    assert sum(pressed["action_id"] == blocks.WHY for one in made for pressed in buttons(one)) == len(cards)


def test_a_moment_shows_title_time_quote_frame_and_what_can_be_done() -> None:
    card = Card(HARBOUR, "r1", "It leaves <!channel> at *noon*", "F9", "https://media.example/h?t=83")
    (made,) = posts.moments([card])
    title, quote, frame, row = checked(made).blocks
    assert title["text"] == {
        "type": "mrkdwn",
        "text": "*[2] Harbour ‹!here&gt;*  00:01:23-00:01:31",
        "verbatim": True,
    }
    assert "‹!channel> at *noon*" in json.dumps(quote, ensure_ascii=False), "plain text is shown as it stands"
    assert frame["slack_file"] == {"id": "F9"}
    assert frame["alt_text"] == "Frame of [2] Harbour ‹!here>, 00:01:23-00:01:31: a *ferry*"
    labels = [pressed["text"]["text"] for pressed in row["elements"]]  # type: ignore[attr-defined]
    assert labels == ["Play clip", "Open at 1:23", "More like this", "Only this video", "Why?"]


def test_without_media_and_without_a_template_there_is_nothing_to_play_or_open() -> None:
    (made,) = posts.moments([Card(HARBOUR, "r1", clip=False)])
    assert {pressed["action_id"] for pressed in buttons(made)} == {blocks.MORE_LIKE, blocks.ONLY_VIDEO, blocks.WHY}


@given(ANY, st.lists(ANY, max_size=40))
def test_slack_takes_every_question_back(text: str, choices: list[str]) -> None:
    made = checked(posts.asking_back(answer(text, choices), "r1"))
    values = [ButtonValue.read(str(pressed["value"])).number for pressed in buttons(made)]
    assert values == list(range(1, min(len(choices), blocks.BUTTONS) + 1))


def test_a_choice_that_is_too_long_for_a_button_stands_above_it() -> None:
    long = "Harbour, " * 20
    made = posts.asking_back(answer("Which one?", [long, "Station"]), "r1")
    assert long.strip() in shown(checked(made)) and "2. Station" in shown(made)


@given(ANY)
def test_what_one_person_sees_can_be_shared(text: str) -> None:
    made = checked(posts.shareable(posts.post(text), "r1"))
    assert [pressed["action_id"] for pressed in buttons(made)] == [blocks.SHARE]


@pytest.mark.parametrize("value", ["", "a b", "r1.x", "r1.", "r1.1.2", "<@U1>", "r" * 65, "r1.1234567890"])
def test_a_button_carries_nothing_but_ids(value: str) -> None:
    with pytest.raises(ValueError):
        ButtonValue.read(value)


def test_a_button_value_reads_back() -> None:
    for value in (ButtonValue("r-1"), ButtonValue("r_1", 3)):
        assert ButtonValue.read(str(value)) == value
    assert blocks.opinion_in("bad:r1") == ("bad", ButtonValue("r1"))
    with pytest.raises(ValueError):
        blocks.opinion_in("fair:r1")


@given(ANY, st.integers(2, 300))
@example("\U0001f600" * 20, 20)
def test_pieces_are_the_text_and_fit(text: str, longest: int) -> None:
    parts = list(islice(blocks.pieces(text, longest), len(text) + 1))
    assert "".join(parts) == text
    assert all(0 < len(part.encode("utf-16-le", "surrogatepass")) // 2 <= longest for part in parts)


@given(st.lists(ANY, max_size=9))
def test_openers_are_questions_that_fit(openers: list[str]) -> None:
    checked(notices.greeting(openers, "r1"))
    prompts = notices.suggested(openers)
    assert len(prompts) <= 4 and all(0 < len(prompt["title"]) <= 75 for prompt in prompts)
