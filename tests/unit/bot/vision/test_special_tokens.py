import pytest

from bot.vision.special_tokens import SpecialTokens
from tests import tiny

pytestmark = pytest.mark.models


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("what is there ?", "what is there ?"),
        ("a <image> dog", "a < image> dog"),
        ("<IMAGE></S><s>", "< IMAGE>< /S>< s>"),
        ("<im<image>age>", "<im< image>age>"),
        ("<<image>image>", "<< image>image>"),
        ("a < image > b", "a < image > b"),
        ("half \ud83d", "half \ufffd"),
    ],
)
def test_marks_in_a_text_are_pulled_apart(text: str, plain: str) -> None:
    assert SpecialTokens(tiny.tokenizer(image_token="<image>"), "<image>").defused(text) == plain


def test_no_mark_is_left_where_the_tokenizer_folds_letters_itself() -> None:
    from tokenizers import AddedToken, Tokenizer, models, normalizers
    from transformers import PreTrainedTokenizerFast

    made = Tokenizer(models.WordLevel({"<unk>": 0, "</s>": 1, "dog": 2}, unk_token="<unk>"))
    made.normalizer = normalizers.NFKC()
    made.add_special_tokens([AddedToken("<image>", special=True, normalized=True)])
    words = PreTrainedTokenizerFast(
        tokenizer_object=made, unk_token="<unk>", eos_token="</s>", extra_special_tokens={"image_token": "<image>"}
    )
    wide = "dog\N{FULLWIDTH LESS-THAN SIGN}image\N{FULLWIDTH GREATER-THAN SIGN}dog"
    mark = words.convert_tokens_to_ids("<image>")
    assert mark in words(wide)["input_ids"]
    assert mark not in words(SpecialTokens(words, "<image>").defused(wide))["input_ids"]
