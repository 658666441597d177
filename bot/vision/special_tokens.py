"""The marks of one model's own (a picture stands here, a text ends here), and texts in which nothing counts as one.

A title, a subtitle or a question may hold `<image>` or `</s>`, by chance or on purpose. Pure; the tokenizer comes in.
Where a server has it, `bot.untrusted.unmarked` takes everything that reads like a mark of any model for one.
"""

import re
from typing import Any

from retrieval.types import whole


class SpecialTokens:
    """The marks of one model.

    Args:
        words: its tokenizer, of transformers.
        image: what stands for a picture.
    """

    def __init__(self, words: Any, image: str) -> None:
        self._words = words
        self._special = set(words.all_special_ids) | set(words.added_tokens_decoder)
        self._special.discard(words.unk_token_id)
        written = {image, *words.all_special_tokens, *(str(token) for token in words.added_tokens_decoder.values())}
        longest_first = sorted((mark for mark in written if len(mark) > 1), key=lambda mark: (-len(mark), mark))
        self._written = re.compile("|".join(map(re.escape, longest_first)), re.IGNORECASE)

    def defused(self, text: str) -> str:
        """Return an untrusted text with every mark in it pulled apart: `<image>` becomes `< image>`."""
        split = self._written.sub(lambda found: f"{found[0][0]} {found[0][1:]}", whole(text))
        tokens = self._words(split, add_special_tokens=False)["input_ids"]
        if self._special.isdisjoint(tokens):
            return split
        # The tokenizer folds more than case: take what it makes of the text, without the marks.
        plain: str = self._words.decode([token for token in tokens if token not in self._special])
        return plain
