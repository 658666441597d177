"""A tokenizer that knows a list of words, one token each, in the ordinary tokenizer files."""

from collections.abc import Sequence
from pathlib import Path

from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from transformers import PreTrainedTokenizerFast

PAD, UNKNOWN, START, END = "[PAD]", "[UNK]", "[START]", "[END]"


def word_tokenizer(
    words: Sequence[str], size: int, length: int, more: Sequence[str] = (), end: bool = True
) -> PreTrainedTokenizerFast:
    """Return a tokenizer of `size` tokens for texts of at most `length` tokens.

    `[PAD]` is 0 and `[END]` the last, so that the end has the highest number, as CLIP needs it. `more` are special
    tokens. Every text begins with `[START]`; it ends with `[END]` where `end` is set.

    Raises:
        ValueError: there are more words than tokens.
    """
    listed = [PAD, UNKNOWN, START, *more, *words]
    if len(listed) >= size:
        raise ValueError(f"{len(listed)} words do not fit into {size} tokens")
    spare = [f"[SPARE{number}]" for number in range(size - len(listed) - 1)]
    numbers = {word: number for number, word in enumerate([*listed, *spare, END])}
    tokenizer = Tokenizer(models.WordLevel(numbers, unk_token=UNKNOWN))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(r"[^\p{L}]+"), "removed")
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{START} $A {END}" if end else f"{START} $A",
        special_tokens=[(START, numbers[START]), (END, numbers[END])],
    )
    tokenizer.decoder = decoders.WordPiece()
    return PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer,
        model_max_length=length,
        pad_token=PAD,
        unk_token=UNKNOWN,
        bos_token=START,
        eos_token=END,
        extra_special_tokens=list(more),
        clean_up_tokenization_spaces=False,
    )


def save(tokenizer: PreTrainedTokenizerFast, folder: Path) -> None:
    """Write the tokenizer's files into a folder."""
    tokenizer.save_pretrained(folder)
