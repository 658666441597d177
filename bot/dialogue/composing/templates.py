"""Writes answers by template: the moments' own texts, each sentence with its citation. Pure.

Titles, times and handles come from the catalogue; nothing is said that no text of the library says.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import prompts
from bot.dialogue.composing.citations import quotable
from bot.dialogue.conversation import Conversation
from bot.dialogue.messages import Citation
from bot.tools.pieces import Piece
from bot.tools.telling import telling
from retrieval.analysis import terms
from retrieval.types import TEXT_SOURCES, Moment, TextSource, TimedText, joined, timecode

KINDS: dict[TextSource, str] = {
    "caption": "captions",
    "subtitle": "subtitles",
    "speech": "speech",
    "screen": "on-screen text",
    "vision": "a model's descriptions of single frames",
}
"""What each source of text is called in an answer."""

MOST_MISSING = 4
"""Words of a question that are named as missing at most; of more, hardly anything was found."""

MOST_LISTED = 50
"""Videos that are listed by name."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A moment with the citation under which the answer shows it."""

    citation: Citation
    moment: Moment


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an answer, and the sources of the texts it quotes. Its marks are still to be checked.

    `names` are handles that it only names, as in "I have shown [1] and [2]", and cites nothing by.
    """

    text: str
    sources: tuple[TextSource, ...] = ()
    names: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Listed:
    """A video as a list shows it."""

    title: str
    video_id: str
    length: str


def with_handles(pieces: Sequence[Piece], conversation: Conversation) -> tuple[Shown, ...]:
    """Give each moment its handle: the one it had in this conversation, or the next."""
    handles: dict[str, int] = {}
    shown = []
    for piece in pieces:
        moment = piece.moment
        handle = handles[moment.moment_id] = conversation.handle(moment.moment_id, handles)
        place = (moment.moment_id, moment.video_id, piece.title, piece.span, piece.keyframe)
        shown.append(Shown(Citation(handle, *place, ranking=piece.ranking), moment))
    return tuple(shown)


def quote_moment(shown: Shown, query: str, best: TimedText | None = None) -> Iterator[Sentence]:
    """Yield what was seen in a moment, and a sentence for each text of it that answers the query best, or for `best`.

    Where there is neither, a sentence says so. What a model described before is not told again where one looked now.
    """
    citation = shown.citation
    place: dict[str, str | int] = {
        "title": quotable(citation.title, 100),
        "timecode": citation.timecode,
        "handle": citation.handle,
    }
    told = [best] if best else telling(shown.moment, query)
    if citation.observation and not best:
        yield _seen(citation.observation, place)
        told = [text for text in told if text.source != "vision"]
    elif not told:
        yield Sentence(prompts.render("answer_silent", **place))
    for text in told:
        said = prompts.render(f"answer_{text.source}", quote=quotable(text.text), **place)
        yield Sentence(said, (text.source,))


def _seen(observation: str, place: Mapping[str, str | int]) -> Sentence:
    said = quotable(observation)
    holds = said.lower().strip(" .!")
    return Sentence(prompts.render("answer_seen", quote=said, holds=holds if holds in ("yes", "no") else "", **place))


def led(lead: str, sentences: Iterable[Sentence]) -> Iterator[Sentence]:
    """Yield sentences, the first of them opened by the words that answer."""
    for number, sentence in enumerate(sentences):
        said = prompts.render("answer_first", answer=quotable(lead[:1].upper() + lead[1:]), said=sentence.text)
        yield replace(sentence, text=said) if lead and number == 0 else sentence


def quote_moments(shown: Sequence[Shown], query: str) -> Iterator[Sentence]:
    """Yield the sentences of several moments, in their order."""
    for one in shown:
        yield from quote_moment(one, query)


def list_of_moments(shown: Sequence[Shown], query: str, count: int, most: bool) -> Iterator[Sentence]:
    """Say how many moments there are, and yield the sentences of those shown, each moment with its number.

    `most` tells that there may be more than `count`.
    """
    yield Sentence(prompts.render("list_moments", count=count, query=quotable(query), most=most))
    for number, one in enumerate(shown, start=1):
        first, *others = quote_moment(one, query)
        yield replace(first, text=f"{number}. {first.text}")
        yield from others


def tell_moments(shown: Sequence[Shown], query: str = "") -> Iterator[Sentence]:
    """Yield a line for each moment of a video that was named before: when, and what its best text says.

    Without a query that is all that one source says there. What a model saw is told as such.
    """
    for one in shown:
        told = telling(one.moment, query)[:1]
        if one.citation.observation or not told or told[0].source == "vision":
            yield from quote_moment(one, query)
            continue
        (text,), citation = told, one.citation
        whole = text.text if query else joined(other for other in one.moment.texts if other.source == text.source)
        said = prompts.render("told_text", timecode=citation.timecode, quote=quotable(whole), handle=citation.handle)
        yield Sentence(said, (text.source,))


def closing(sources: Sequence[TextSource], model: str = "", frames: int = 0) -> Sentence:
    """Say which kinds of text an answer used, and which model looked at how many frames for it, or that nobody did."""
    kinds = [KINDS[source] for source in in_order(sources)]
    described = "vision" in sources
    return Sentence(prompts.render("sources", kinds=kinds, described=described, model=quotable(model), frames=frames))


def in_order(sources: Sequence[TextSource]) -> tuple[TextSource, ...]:
    """Return each source once, captions first."""
    return tuple(source for source in TEXT_SOURCES if source in sources)


def nothing_found(query: str, titles: Sequence[str], narrowed: bool) -> Sentence:
    """Say that the library, or the part of it that was asked about, holds nothing on this."""
    named = " or ".join(f'"{quotable(title, 100)}"' for title in titles)
    where = f"in {named}" if named else "in your library"
    if narrowed:
        where = f"in that part of {named or 'your videos'}"
    return Sentence(prompts.render("not_found", query=quotable(query), where=where))


def nearest(shown: Shown, query: str, first: bool = True) -> Sentence:
    """Name the moment that is nearest to what was not found, or the one that comes after it."""
    citation, told = shown.citation, telling(shown.moment, query)
    quote = quotable(told[0].text) if told else ""
    title, at, number = quotable(citation.title, 100), citation.timecode, citation.handle
    said = prompts.render("nearest", title=title, timecode=at, handle=number, quote=quote, first=first)
    return Sentence(said, (told[0].source,) if told else ())


def closest() -> Sentence:
    """Open a reply that shows what may be meant, and surely is not all of it."""
    return Sentence(prompts.render("closest"))


def missing(shown: Sequence[Shown], query: str) -> Iterator[Sentence]:
    """Say which words of the question none of the moments holds, where they hold others of it."""
    held = {stem for one in shown for text in one.moment.texts for stem in terms(text.text)}
    lacking = [word for word in query.split() if terms(word) and not held & set(terms(word))]
    if lacking and len(lacking) <= MOST_MISSING:
        named = " or ".join(f'"{quotable(word)}"' for word in dict.fromkeys(lacking))
        yield Sentence(prompts.render("missing", named=named, count=len(shown)))


@dataclass(frozen=True, slots=True)
class Mended:
    """A misspelt word as it was typed, and what was searched for instead."""

    typed: str
    word: str


def mended(words: Mapping[str, str], asked: str) -> list[Sentence]:
    """Say which words of a question were searched for in another spelling, if any."""
    pairs = [Mended(quotable(typed), quotable(word)) for typed, word in words.items() if typed.lower() in asked.lower()]
    return [Sentence(prompts.render("mended", pairs=pairs))] if pairs else []


def list_of_videos(videos: Sequence[Listed]) -> Sentence:
    """List the library's videos."""
    if not videos:
        return Sentence(prompts.render("empty_library"))
    more = max(0, len(videos) - MOST_LISTED)
    return Sentence(prompts.render("list_videos", count=len(videos), videos=_quoted(videos), more=more))


def list_without(kinds: Sequence[str], videos: Sequence[Listed]) -> Sentence:
    """List the videos that have none of some kinds of text, or say that there are none."""
    more = max(0, len(videos) - MOST_LISTED)
    named, listed = _named_kinds(kinds), _quoted(videos)
    said = prompts.render("library_without", kinds=named, count=len(videos), videos=listed, more=more)
    return Sentence(said)


def list_not_saying(words: str, videos: Sequence[Listed]) -> Sentence:
    """List the videos of which no text says one of these words, or say that there are none."""
    listed, more = _quoted(videos), max(0, len(videos) - MOST_LISTED)
    said = prompts.render("library_not_saying", words=quotable(words), count=len(videos), videos=listed, more=more)
    return Sentence(said)


def count_having(kinds: Sequence[str], having: int, count: int) -> Sentence:
    """Say how many videos have some kinds of text."""
    return Sentence(prompts.render("library_having", kinds=_named_kinds(kinds), having=having, count=count))


def first_of(videos: Sequence[Listed], which: str, named: bool) -> Sentence:
    """Say which video is the longest, shortest or newest, the first of them; of those named, how long each is."""
    if named and len(videos) > 1 and which in ("longest", "shortest"):
        return Sentence(prompts.render("library_lengths", which=which, videos=_quoted(videos)))
    (first,) = _quoted(videos[:1])
    one = len(videos) == 1
    return Sentence(prompts.render("library_video", which=which, title=first.title, length=first.length, one=one))


def kinds_of(title: str, kinds: Sequence[str]) -> Sentence:
    """Say which kinds of text a video has."""
    return Sentence(prompts.render("library_sources", title=quotable(title, 100), kinds=kinds))


def kinds_named(text: str) -> set[str]:
    """Return the kinds of text that a text names: all of them by "words" and "text"."""
    named = set(terms(text))
    if named & {"word", "text"}:
        return set(KINDS.values())
    return {kind for kind in KINDS.values() if named.issuperset(terms(kind))}


def _named_kinds(kinds: Sequence[str]) -> Sequence[str]:
    return ["words"] if set(kinds) == set(KINDS.values()) else kinds


def _quoted(videos: Sequence[Listed]) -> list[Listed]:
    return [Listed(quotable(v.title, 100), quotable(v.video_id, 100), v.length) for v in videos[:MOST_LISTED]]


def description(title: str, duration: float, count: int, shown: Sequence[Shown], more: int) -> Iterator[Sentence]:
    """Describe a video: its length, what is known of its moments, and how much was left out.

    Args:
        title: the video's title.
        duration: its length in seconds.
        count: its moments, in all.
        shown: the moments to quote.
        more: moments that have text too and are not quoted.
    """
    yield length(title, duration, count)
    yield from tell_moments(shown)
    if not shown:
        yield Sentence(prompts.render("describe_nothing", title=quotable(title, 100)))
    if more:
        yield Sentence(prompts.render("describe_more", more=more))


def length(title: str, duration: float, count: int) -> Sentence:
    """Say how long a video is, in seconds given, and how many moments it has."""
    said = prompts.render(
        "describe_video", title=quotable(title, 100), length=timecode(duration, is_end=True), count=count
    )
    return Sentence(said)
