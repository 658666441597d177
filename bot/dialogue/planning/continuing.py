"""What a question takes over from the one before it: "and in blue?", "only by women", "what about a cat?". Pure.

A part is replaced by one of its own kind (a colour by a colour, a place by a place, one actor by another); what is of
no kind that the question had narrows it.
"""

import re
from dataclasses import dataclass

from bot.dialogue.planning.times import NUMBERS, ORDINALS
from bot.dialogue.planning.word_kinds import BREAKS, COLOURS, DETERMINERS, FILMS, PLACES, PLURALS
from retrieval.analysis import STOP_WORDS, terms, words

_QUESTION = re.compile(
    r"\b(?:what|who|whom|whose|where|when|why|how|which|does|do|did|is|are|was|were|has|have|can)\b", re.I
)
_MARK = re.compile(
    r"^\W*(?P<mark>(?:and |but |so |or )*(?:what|how) about\s+"
    r"|(?:(?:and|but|or|only|just|also|now|then|so|maybe|perhaps|still|rather)\s+)+(?=\S))",
    re.I,
)
_PREPOSITION = re.compile(
    r"^(?:(?:any|ones?|the ones?|some|something|all)\s+)?(?P<rest>(?:in|on|at|with|without|by|near|under|from"
    r"|wearing|during|outside|inside|behind|while|who|holding|carrying)\b.+)$",
    re.I,
)
_ONES = re.compile(r"\b(?:ones?)\b", re.I)
_SHORT_THE = re.compile(r"^\W*the (?:[\w'-]+\s*){1,2}\W*$", re.I)
_THEN = re.compile(r"\bthen\b(?=\W*$|\s*,)", re.I)
_ANYWHERE = re.compile(
    r"\b(?:in|from|across|of) (?:any|all|every|each)(?: of)?(?: (?:the|my|our|your|these))? (?:videos?|films?"
    r"|clips?|movies?|recordings?|library)\b"
    r"|\banywhere\b(?!\s+(?:in (?:it|that|this|the (?:video|film|clip|movie)\b)|past|after|before|between"
    r"|around|near|at|on"
    r"|within|during|until|from)\b)"
    r"|\bin (?:the|my|our|your) (?:library|collection|videos|films|clips)\b|\bany (?:video|film|clip|movie)\b",
    re.I,
)
_SCOPE = re.compile(
    r"\s\b(?:in|from|across) (?:any|all|every|each|one)(?: one)?(?: of)?(?: (?:the|my|our|your|these|those))?"
    rf" {FILMS}\b(?!\s+(?:where|that|which|with|about|of)\b)",
    re.I,
)
_PLURAL_NOUN = re.compile(
    r"\b(?:which|what|how many|many|two|three|the|these|those|some|all|do|are|were)\s+(?:\w+\s+)?\w+s\b", re.I
)


MOST_WORDS = 7
"""Words of a part of a question; what is longer says something of its own."""


@dataclass(frozen=True, slots=True)
class Marked:
    """How an utterance goes on: its leading mark ("and", "what about", "only"), and the words after it."""

    mark: str
    rest: str

    @property
    def about(self) -> bool:
        """Whether another part is put in the place of one: "what about X"."""
        return self.mark.endswith("about")

    @property
    def narrows(self) -> bool:
        """Whether it says that there shall be less: "only X"."""
        return re.search(r"\b(?:only|just)\b", self.mark) is not None


def marked(text: str) -> Marked:
    """Split an utterance into its leading mark and the rest."""
    found = _MARK.match(text)
    return (
        Marked(" ".join(found["mark"].lower().split()), text[found.end() :].strip())
        if found
        else Marked("", text.strip())
    )


def goes_on(text: str, mark: Marked) -> bool:
    """Tell whether the words go on with what is talked of, as far as words alone can tell."""
    if _ANYWHERE.search(text):
        return False
    leads = re.match(
        r"and|but|or|only|just|also|(?:(?:so|and|but|or) )*(?:what|how) about", mark.mark
    ) and mark.mark not in (
        "now",
        "so",
        "then",
    )
    any_first = re.match(r"\W*any\b(?!\w)", mark.rest, re.I)
    return bool(leads or any_first or _SHORT_THE.match(text) or _THEN.search(text) and not _whole(text))


def _whole(text: str) -> bool:
    """Tell whether "then" only closes a whole question that needs nothing of the talk."""
    return re.match(r"\W*(?:how|why|what|who|where|when|is|are|does|do|did|whose|which)\b", text, re.I) is not None


def anywhere(text: str) -> bool:
    """Tell whether the words say that the whole library is meant."""
    return _ANYWHERE.search(text) is not None


def without_scope(text: str) -> str:
    """Return the words without "in any of the films" and the like, which say where to look and nothing to look for."""
    return _SCOPE.sub("", text)


def is_fragment(rest: str) -> bool:
    """Tell whether words are a part of a question and none of their own: "in blue", "white ones", "with a hat"."""
    if len(words(rest)) > MOST_WORDS:
        return False
    return (_PREPOSITION.match(rest) is not None and not _QUESTION.search(rest)) or is_adjectives(rest)


def is_adjectives(rest: str) -> bool:
    """Tell whether words name no thing: "blue ones", "two of them", "in red"."""
    if re.search(r"\b(?:with|without|at|on|by|near|under|from|who|about)\b", rest, re.I):
        return False
    said = [
        word
        for word in words(rest)
        if word not in ("in", "the", "a", "and", "please", "together", "of", "them", "ones", "one", "only", "just")
    ]
    if set(said) & {*ORDINALS, "last"}:
        return False
    known = all(word in COLOURS or word in NUMBERS or word.isdigit() for word in said)
    return bool(said) and (known or (_ONES.search(rest) is not None and len(said) <= 2 and not _QUESTION.search(rest)))


def joined(rest: str, query: str, narrows: bool) -> str:
    """Return the query before with a part of it replaced, or narrowed by what it had nothing of.

    Args:
        rest: the words of the part.
        query: the query before.
        narrows: nothing is replaced, as after "only".
    """
    placed = None if is_adjectives(rest) else _PREPOSITION.match(rest)
    part = " ".join((placed["rest"] if placed else _ONES.sub(" ", rest)).split()).strip(" ?.!,")
    if not query or set(terms(query)) and set(terms(query)) <= set(terms(part)):
        return part or query
    if is_adjectives(rest):
        return _with_adjectives(part, query)
    if found := _PREPOSITION.match(part):
        return _with_place(found["rest"], query, narrows)
    if narrows:
        return f"{query} {part}"
    return _with_thing(part, query)


def _with_adjectives(part: str, query: str) -> str:
    given = [word for word in words(part) if word not in STOP_WORDS]
    left = query.split()
    for kind in (COLOURS, frozenset(NUMBERS)):
        if new := [word for word in given if word in kind]:
            places = [place for place, word in enumerate(left) if set(words(word)) & kind]
            left = (
                [
                    " ".join(new) if place == places[0] else word
                    for place, word in enumerate(left)
                    if place not in places[1:]
                ]
                if places
                else left
            )
    extra = " ".join(word for word in given if word not in {w for old in left for w in words(old)})
    return f"{extra} {' '.join(left)}".strip()


def _with_place(part: str, query: str, narrows: bool) -> str:
    """Put a place in the stead of the place of the query; anything else, or after "only", is added."""
    if narrows or words(part)[0] not in PLACES or set(words(part)) & COLOURS:
        return f"{query} {part}".strip()
    pieces = [piece for piece in _PLACED.split(query) if piece]
    where = [n for n, piece in enumerate(pieces) if _PLACE.match(piece) and not set(words(piece)) & (COLOURS | _PROPS)]
    if not where:
        return f"{query} {part}".strip()
    gone: set[int] = set()
    after = where[0] + 1
    if after < len(pieces) and _OF_DAY.match(pieces[after]):
        gone.add(after)
    kept = [part.strip() if number == where[0] else piece.strip() for number, piece in enumerate(pieces)]
    return " ".join(piece for number, piece in enumerate(kept) if number not in gone)


_PLACED = re.compile(rf"\s(?=(?:{'|'.join(sorted(PLACES))}|with|beside|while)\s)", re.I)
_PLACE = re.compile(rf"(?:{'|'.join(sorted(PLACES))}) (?:the|a|an|his|her|their|my|some)\s", re.I)
_PROPS = frozenset(
    "chair chairs bench sofa couch bed stool bike bicycle horse piano guitar drum drums phone air rope ball".split()  # noqa: SIM905
)
"""What somebody is on or at while being somewhere: no place."""
_OF_DAY = re.compile(
    r"(?:at (?:night|noon|dawn|dusk|sunset|sunrise|work|home)|in the (?:morning|evening|afternoon|dark))\b", re.I
)


def _with_thing(part: str, query: str) -> str:
    """Put a thing in the stead of the first thing of the query; a verb in the stead of its last word."""
    said, old = words(part), query.split()
    if said[:1] == ["the"] or set(terms(part)) & set(terms(query)):
        return part
    first = _first_thing(old)
    if (
        len(said) == 1
        and not said[0].endswith("s")
        and said[0] not in PLURALS
        and first
        and first[1] < len(old)
        and said[0] not in STOP_WORDS
    ):
        return " ".join([*old[:-1], part])
    if first is None or first == (0, len(old)):
        return part
    return " ".join([*old[: first[0]], part, *old[first[1] :]])


def _first_thing(said: list[str]) -> tuple[int, int] | None:
    """Return where the first thing of a query begins and ends, in words."""
    low = [(words(word) or [""])[0] for word in said]
    for start, word in enumerate(low):
        if word in DETERMINERS or word not in STOP_WORDS:
            end = start + 1
            while end < len(low) and word in DETERMINERS and low[end] not in STOP_WORDS | BREAKS:
                end += 1
                if low[end - 1] not in COLOURS and end - start >= 2:
                    break
            while word in COLOURS and end < len(low):
                word, end = low[end], end + 1
            return start, end
    return None


def without_words(query: str, gone: set[str]) -> str:
    """Return a query without the words of these stems, nor the preposition and article that led to them."""
    kept: list[str] = []
    for word in query.split():
        if not set(terms(word)) & gone:
            kept.append(word)
            continue
        while kept and set(words(kept[-1])) & (DETERMINERS | PLACES | {"with", "of"}) and len(kept) > 1:
            kept.pop()
    return " ".join(kept)
