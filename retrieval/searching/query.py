"""What is asked of a search, as fields: nothing is read out of its text. Pure."""

from dataclasses import dataclass, field

from PIL import Image

from retrieval.analysis import asked_words, words
from retrieval.errors import InvalidQuery
from retrieval.searching.focus import PartOf
from retrieval.types import Filter

LONGEST_QUERY = 2_000
"""Characters of a query that are read; no question needs more, and models cut far earlier."""


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked: a text, a picture, or a moment that others should be like; exactly one of them.

    Attributes:
        text: words to rank by.
        wordings: how the same is said otherwise, as the sentence that the words were taken from; what is near in
            meaning is near to all of them.
        phrases: what a moment must hold word for word.
        excluded: words that it must not hold in any form.
        part: what is asked of some whole, where the text asks for such.
        image: a picture to rank by.
        like: id of the moment that others should be like.
        favoured: id of a video that is more likely meant than others.
        favour: by how much its moments are lifted in the ranking, in what the best hits differ by: 0.3 to 1.
        filter: where to look.
        arm: one arm that is asked alone, by its name, instead of all that count.
    """

    text: str = ""
    wordings: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    part: PartOf | None = None
    image: Image.Image | None = None
    like: str | None = None
    favoured: str | None = None
    favour: float = 0.0
    filter: Filter = field(default_factory=Filter)
    arm: str | None = None


def conditions(query: Query) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the phrases that have words, and the stems that are excluded."""
    meant = (word for text in query.excluded for word in asked_words(text))
    excluded = dict.fromkeys(stem for word in meant for stem in word.spellings[0])
    return tuple(phrase for phrase in query.phrases if words(phrase)), tuple(excluded)


def is_common_name(query: Query) -> bool:
    """Tell whether a query is of common words alone, and written as a name: "The Who", not "Who is it"."""
    typed = query.text.split()
    is_written = len(typed) > 1 and all(word[0].isupper() and len(word) > 1 for word in typed)
    return is_written and not query.phrases and not asked_words(query.text)


def check(query: Query, k: int) -> None:
    """Refuse a query that asks for nothing, or for more than one thing.

    Raises:
        InvalidQuery: it does.
    """
    if sum((bool(query.text.strip()), query.image is not None, query.like is not None)) > 1:
        raise InvalidQuery("ask by a text, by a picture, or by a moment: one of them", "")
    if k < 1:
        raise InvalidQuery(f"the number of hits must be 1 or more, not {k}", "")
    if query.image is None and query.like is None and not words(query.text):
        raise InvalidQuery("the query has no words to look for", "Name at least one thing to find.")
