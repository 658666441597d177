"""How people say what they look for: captions and questions in many wordings, those of the test kept apart."""

from collections.abc import Iterator
from random import Random

from demo.claims import Claim
from demo.splits import Split

UNKNOWN_WORD = "mm"
"""Stands for a word that nobody knows."""

_LEARNT = (
    "{who} {does} {where} {beside} {sky}",
    "{who} {doing} {where} {beside} {sky}",
    "{who} {doing} {sky} {where} {beside}",
    "a picture of {who} {doing} {where} {beside} {sky}",
    "there {be} {who} {doing} {where} {sky} {beside}",
    "{where} {sky} {who} {does} {beside}",
    "in the picture {who} {be} {doing} {beside} {where} {sky}",
    "where {aux} {who} {do} {where} {beside} {sky}",
    "when {aux} {who} {do} {where} {sky} {beside}",
    "show me {who} {doing} {where} {beside} {sky}",
    "which clip shows {who} {doing} {where} {beside} {sky}",
    "find the moment with {who} {doing} {where} {beside} {sky}",
    "when do we see {who} {doing} {where} {sky} {beside}",
    "where can i see {who} {doing} {where} {beside} {sky}",
)
_UNSEEN = (
    "find {who} {doing} {where} {beside} {sky}",
    "in which moment {be} {who} {doing} {where} {beside} {sky}",
    "where do we see {who} {doing} {sky} {where} {beside}",
    "when {be} there {who} {doing} {where} {beside} {sky}",
    "show the clip with {who} {doing} {where} {beside} {sky}",
)


def say(claim: Claim, split: Split, rng: Random) -> str:
    """Return the claim in one of the wordings of a split; those of the test are never drawn for another."""
    wordings: tuple[str, ...] = _UNSEEN if split == "test" else _LEARNT
    if claim.action is None:
        wordings = tuple(wording for wording in wordings if "{do}" not in wording and "{does}" not in wording)
    template = rng.choice(wordings)
    if split == "train":
        template = with_unknown_words(template, rng)
    return " ".join(template.format(**claim.slots(rng)).split())


def with_unknown_words(template: str, rng: Random) -> str:
    """Return a wording with some of its own words made unknown: people use words that the small world has not."""
    return " ".join(
        UNKNOWN_WORD if "{" not in word and rng.random() < 0.1 else word
        for word in (UNKNOWN_WORD, *template.split())[rng.random() < 0.9 :]
    )


def all_words() -> Iterator[str]:
    """Return every wording with its slots empty."""
    for template in (*_LEARNT, *_UNSEEN):
        yield " ".join(word for word in template.split() if not word.startswith("{"))
