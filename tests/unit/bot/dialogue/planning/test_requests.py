"""What is wrapped around a request is taken off, in whatever order people put it."""

import pytest

from bot.dialogue.planning.requests import asking, plain_request


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("I'm after a red boat", "find a red boat"),
        ("we're trying to locate two dogs", "find two dogs"),
        ("I'd love to see a dog on a beach", "show me a dog on a beach"),
        ("could you please pull up the dog", "show me the dog"),
        ("would it be possible for you to dig out the part with a dog", "show me the part with a dog"),
        ("I was hoping you could track down a dog", "show me a dog"),
        ("bet you can't find a dog with a hat", "show me a dog with a hat"),
        ("would you mind bringing up the dog", "show me the dog"),
        ("and fast forward to the dog", "and go to the dog"),
        ("could you jump straight to the end", "go to the end"),
        ("can you tell who's flying", "who's flying"),
        ("state what is written on the wall", "what is written on the wall"),
        ("could you verify whether it rains", "tell me if it rains"),
        ("need a shot of horses, got one?", "find a shot of horses"),
        ("we were wondering who won", "who won"),
        ("in the harbour film, can you find a dog", "in the harbour film, show me a dog"),
        ("could you walk me through the film", "walk me through the film"),
    ],
)
def test_a_request_is_put_plainly(said: str, plain: str) -> None:
    assert plain_request(said) == plain


@pytest.mark.parametrize(
    "said",
    [
        "a man goes to the end of the pier",
        "what is the man after",
        "can a dog swim",
        "is it possible",
        "who needs a hat",
    ],
)
def test_what_only_looks_like_a_request_stays(said: str) -> None:
    assert plain_request(said) == said


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("I teach geography. Which film shows a volcano?", "Which film shows a volcano?"),
        ("Forget it. Where is the dog?", "Where is the dog?"),
        ("hang on - where is the dog?", "where is the dog?"),
        ("My boss says there is a red car in one of these. Could you find it for me?", "find a red car"),
        ("My brother claims there's a horse race in it. Is he right?", "is there a horse race in it"),
        ("I remember two men on a boat. What was that film called?", "find two men on a boat"),
    ],
)
def test_of_several_sentences_those_stay_that_ask(said: str, asked: str) -> None:
    assert asking(said) == asked


@pytest.mark.parametrize(
    "said",
    ["The second one. What is written there?", "I mean the harbour film. Who sings?", "Where is the dog? And the cat?"],
)
def test_a_sentence_that_says_what_is_meant_stays(said: str) -> None:
    assert asking(said) == said
