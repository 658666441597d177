"""Many ways to say a thing are put in one frame."""

import pytest

from bot.dialogue.planning.paraphrases import plainly


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("I remember a dog in the snow, where was that?", "find a dog in the snow"),
        ("walk me through the last film", "tell me about the last film"),
        ("can you check whether it rains", "tell me if it rains"),
        ("same question for Low Tide", "and Low Tide"),
        ("let's try the kitchen", "and the kitchen"),
        ("keep going, what happens then", "what happens then"),
        ("then what?", "and then?"),
        ("seen any dogs?", "is there any dogs?"),
        ("my boss wants to see the goal", "show me the goal"),
        ("there's a lighthouse somewhere, right?", "find a lighthouse"),
        ("the scene with the cake, where is it?", "find the scene with the cake"),
        ("2", "number 2"),
        ("the latter", "the last one"),
        ("none of these", "not these"),
        ("any more?", "another one"),
        ("only the ones in the park", "only in the park"),
        ("in the park only", "only in the park"),
        ("go back a bit", "what happens before that"),
        ("what film is that from?", "which film is this"),
        ("sum up all of this", "sum up everything you showed me"),
        ("do you know what he's wearing", "do you know what he is wearing"),
    ],
)
def test_a_paraphrase_is_put_plainly(said: str, plain: str) -> None:
    assert plainly(said) == plain


@pytest.mark.parametrize(
    "said", ["what is the man after", "a man tries a hat", "the same video", "who goes on a trip", "tell me more"]
)
def test_what_only_looks_like_a_paraphrase_stays(said: str) -> None:
    assert plainly(said) == said
