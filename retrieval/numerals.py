"""Numbers that are written out in English, as digits. Pure.

"Twenty", "twenty-five" and "two hundred and five" are 20, 25 and 205. "Nineteen eighty" are two numbers, and "a
hundred" is 100 with a word before it.
"""

from collections.abc import Iterator, Sequence

_ONES = "zero one two three four five six seven eight nine".split()  # noqa: SIM905
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()  # noqa: SIM905
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()  # noqa: SIM905
_UNITS = {word: number for number, word in enumerate(_ONES + _TEENS)}
_OF_TEN = {word: 10 * number for number, word in enumerate(_TENS, start=2)}
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000}

NUMERALS = frozenset((*_UNITS, *_OF_TEN, *_SCALES))
"""The words of numbers."""


def digits(tokens: Sequence[str], parts: bool = False) -> Iterator[str]:
    """Yield tokens in order, each number that is written out as one token of digits; before it its parts, if wished."""
    at = 0
    while at < len(tokens):
        if tokens[at] in NUMERALS:
            number, end = _number(tokens, at)
            if parts and end - at > 1:
                yield from (str(_number([token], 0)[0]) for token in tokens[at:end] if token in NUMERALS)
            yield str(number)
            at = end
        else:
            yield tokens[at]
            at += 1


def _number(tokens: Sequence[str], at: int) -> tuple[int, int]:
    """Return the number that begins at a place, and the place behind it."""
    total, group, lowest = 0, 0, 1_000_000_000
    start = at
    while at < len(tokens):
        token = tokens[at]
        if token == "and" and group >= 100 and at + 1 < len(tokens) and tokens[at + 1] in {**_UNITS, **_OF_TEN}:
            at += 1
            continue
        if token in _SCALES:
            scale = _SCALES[token]
            if scale == 100 and group < 100 and lowest != 100:
                group, lowest = max(group, 1) * 100, 100
            elif scale > 100 and (group or at == start):
                total, group, lowest = total + max(group, 1) * scale, 0, scale
            else:
                break
        elif token in _OF_TEN and lowest > 10 and group % 100 == 0:
            group, lowest = group + _OF_TEN[token], 10
        elif token in _UNITS and lowest > 1 and (group % 100 == 0 or (lowest == 10 and 0 < _UNITS[token] < 10)):
            group, lowest = group + _UNITS[token], 1
        else:
            break
        at += 1
    return total + group, at
