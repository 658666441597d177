from pathlib import Path

import pytest
from transformers import AutoTokenizer

from retrieval.training.wordlist import END, START, UNKNOWN, word_tokenizer

WORDS = ["beach", "man", "on", "red"]


def test_a_text_is_one_token_a_word_between_start_and_end() -> None:
    tokenizer = word_tokenizer(WORDS, 12, 16)
    numbers = tokenizer("A man, ON a Beach!").input_ids
    assert tokenizer.convert_ids_to_tokens(numbers) == [START, UNKNOWN, "man", "on", UNKNOWN, "beach", END]
    assert numbers[-1] == len(tokenizer) - 1 == 11
    assert tokenizer.pad_token_id == 0


def test_words_come_back_with_spaces() -> None:
    tokenizer = word_tokenizer(WORDS, 12, 16)
    assert tokenizer.decode(tokenizer("red man on beach").input_ids, skip_special_tokens=True) == "red man on beach"


def test_it_is_kept_in_the_ordinary_files(tmp_path: Path) -> None:
    tokenizer = word_tokenizer(WORDS, 12, 16, more=["<image>"], end=False)
    tokenizer.save_pretrained(tmp_path)
    loaded = AutoTokenizer.from_pretrained(tmp_path, local_files_only=True)
    text = "man <image> red"
    assert loaded(text).input_ids == tokenizer(text).input_ids
    assert loaded.convert_ids_to_tokens(loaded(text).input_ids) == [START, "man", "<image>", "red"]


def test_too_many_words_are_refused() -> None:
    with pytest.raises(ValueError, match="do not fit into 6 tokens"):
        word_tokenizer(WORDS, 6, 16)
