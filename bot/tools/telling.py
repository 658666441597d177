"""Which of a moment's texts answer a query, and when exactly they are seen or heard. Pure."""

from retrieval.analysis import terms, words
from retrieval.types import DESCRIBING, TEXT_SOURCES, Moment, TimedText, TimeSpan

COVERED = 0.5
"""Share of the query's terms in texts that people gave, spoke or wrote, from which a moment is found by its texts."""


def telling(moment: Moment, query: str) -> list[TimedText]:
    """Return the text to quote, and one of another source where that names more of what was asked.

    Captions come first; without a query, each source's first text counts.
    """
    wanted = set(terms(query))
    ranked = sorted(
        (text for text in moment.texts if _shows(text)),
        key=lambda t: (-len(wanted & set(terms(t.text))), TEXT_SOURCES.index(t.source), t.span.start),
    )
    if not ranked:
        return []
    covered = wanted & set(terms(ranked[0].text))
    for text in ranked[1:]:
        if text.source != ranked[0].source and (wanted & set(terms(text.text))) - covered:
            return [ranked[0], text]
    return ranked[:1]


def exact_span(moment: Moment, span: TimeSpan, query: str) -> TimeSpan:
    """Return when what the query names is said or shown; the whole span where a description tells it, or nothing does.

    A description is about all of its moment. Speech, subtitles and words on the screen have times of their own.
    """
    told = telling(moment, query)
    named = set(terms(query)) & {stem for text in told for stem in terms(text.text)}
    if not named or any(text.source in DESCRIBING for text in told):
        return span
    start = max(span.start, min(text.span.start for text in told))
    end = min(span.end, max(text.span.end for text in told))
    return TimeSpan(start, end) if start < end else span


def matched(moment: Moment, query: str) -> tuple[str, ...]:
    """Return the words of a moment's texts that the query names in any form, each once, in their order."""
    wanted = set(terms(query))
    return tuple(dict.fromkeys(word for word in words(moment.text) if wanted.intersection(terms(word))))


def told_by_texts(moment: Moment, query: str) -> bool:
    """Tell whether a moment's texts, those of vision models left out, hold at least half of a query's terms."""
    wanted = set(terms(query))
    held = {stem for text in moment.texts if text.source != "vision" for stem in terms(text.text)}
    return bool(wanted) and len(wanted & held) / len(wanted) >= COVERED


def rests_on_texts(moment: Moment, query: str) -> bool | None:
    """Tell whether what people gave, spoke or wrote holds as much of a query as what a vision model said of a frame.

    None where neither holds a word of it.
    """
    wanted = set(terms(query))
    described = {stem for text in moment.texts if text.source == "vision" for stem in terms(text.text)}
    given = {stem for text in moment.texts if text.source != "vision" for stem in terms(text.text)}
    told, seen = len(wanted & given), len(wanted & described)
    return told >= seen if told or seen else None


def _shows(text: TimedText) -> bool:
    """Tell whether anything of a text can be seen: one of control characters and spaces alone tells nothing."""
    return any(c.isprintable() and not c.isspace() for c in text.text)
