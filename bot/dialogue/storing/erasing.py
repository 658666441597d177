"""What left the library leaves what was said of it: quotes, titles and ids in kept turns and opinions are taken out.

A turn that showed a video which was removed keeps what its user asked and when, what other videos it showed, and what
it said of them. Everything that the removed video alone had becomes `[removed]`: the sentences that cite it, its title
and id wherever they stand, and in its conversations each word that no other video has, also in what its user typed.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from sqlite3 import Connection

from bot.dialogue.conversation import Turn, title_from
from bot.dialogue.messages import Citation, Filters
from bot.dialogue.storing.called import called, renamed
from bot.dialogue.storing.feedback import Feedback, feedback_from_json, feedback_to_json
from bot.dialogue.storing.records import turn_from_json, turn_to_json
from retrieval.analysis import is_unspaced, terms
from retrieval.catalogue.erasures import Erasure
from retrieval.catalogue.ids import split_key, split_moment_id

REMOVED = "[removed]"
NOBODY = f"/{REMOVED}"
"""The id of a video that was removed: no video is called so."""

RUN = 5
"""Words in a row that make a quote, wherever they stand; a shorter text is one as a whole."""

SHORTEST = 3
"""Words of a text that is told from what anybody says."""

_WORD = re.compile(r"\w+")
_MARK = re.compile(r"\[(\d+)\]")
Redact = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Redaction:
    """Everything that left the library at once, as it is looked for.

    Attributes:
        gone: the keys of the videos that left, and their ids, as older turns name them.
        touched: these, the keys of videos that lost some of their texts, and `NOBODY`: what left before may have held
            the same words.
        stems: of the words that no video has any more.
        runs: the words in a row that make quotes, and titles, by their first word.
    """

    gone: frozenset[str]
    touched: frozenset[str]
    stems: frozenset[str]
    runs: dict[str, set[tuple[str, ...]]] = field(default_factory=dict)

    def quotes(self, text: str) -> str:
        """Return a text without the quotes in it."""
        return self._without(text, in_words=False)

    def words(self, text: str) -> str:
        """Return a text without the quotes in it, and without each word that no video has any more."""
        return self._without(text, in_words=True)

    def _without(self, text: str, in_words: bool) -> str:
        found = list(_WORD.finditer(text))
        said = [one[0].casefold() for one in found]
        away = [in_words and not self.stems.isdisjoint(terms(word)) for word in said]
        for place, word in enumerate(said):
            for run in self.runs.get(word, ()):
                if tuple(said[place : place + len(run)]) == run:
                    away[place : place + len(run)] = [True] * len(run)
        if not any(away):
            return text
        parts, end, was = [], 0, False
        for one, is_away in zip(found, away, strict=True):
            between = text[end : one.start()]
            if not (was and is_away and "\n" not in between):
                parts += [between, REMOVED if is_away else one[0]]
            end, was = one.end(), is_away
        return "".join((*parts, text[end:]))

    def video(self, key: str) -> str:
        """Return the key of a video, `NOBODY` where it left."""
        return NOBODY if key in self.gone else key

    def moment(self, moment_id: str) -> str:
        """Return the id of a moment, by the key of its video."""
        key, _, number = moment_id.rpartition(":")
        return f"{NOBODY}:{number}" if key in self.gone else moment_id


def redaction(left: Iterable[Erasure]) -> Redaction:
    """Return how what left the library is looked for."""
    gone, touched, stems = set[str](), set[str](), set[str]()
    runs: dict[str, set[tuple[str, ...]]] = {}
    for one in left:
        touched.add(one.key)
        stems.update(one.stems)
        if one.is_gone:
            gone |= {one.key, split_key(one.key)[1]}
        for run in (*_runs(one.texts), *_names(one.names)):
            runs.setdefault(run[0], set()).add(run)
    return Redaction(frozenset(gone), frozenset(touched | gone | {NOBODY}), frozenset(stems), runs)


def _runs(texts: Iterable[str]) -> Iterator[tuple[str, ...]]:
    for text in texts:
        said = _said(text)
        if len(said) >= RUN:
            yield from (said[place : place + RUN] for place in range(len(said) - RUN + 1))
        elif len(said) >= SHORTEST or any(map(is_unspaced, said)):
            yield said


def _names(names: Iterable[str]) -> Iterator[tuple[str, ...]]:
    return (said for said in map(_said, names) if len(said) > 1)


def _said(text: str) -> tuple[str, ...]:
    return tuple(word.casefold() for word in _WORD.findall(text))


def erase(db: Connection, left: Sequence[Erasure]) -> None:
    """Take what left the library out of all conversations and opinions, within a transaction."""
    for has_moved, together in groupby(left, key=lambda one: bool(one.moved_to)):
        if has_moved:
            for one in together:
                _move(db, one.key, one.moved_to)
        else:
            _redact(db, redaction(together))


def forget(db: Connection, conversation_id: str, number: int) -> None:
    """Take one turn out of a conversation, and the opinions of it, within a transaction."""
    query = "SELECT turn FROM turns WHERE conversation_id = ? AND number = ?"
    gone = turn_from_json(db.execute(query, (conversation_id, number)).fetchone()["turn"])
    db.execute("DELETE FROM turns WHERE conversation_id = ? AND number = ?", (conversation_id, number))
    query = "DELETE FROM feedback WHERE conversation_id = ? AND feedback ->> 'asked' = ? AND feedback ->> 'answer' = ?"
    db.execute(query, (conversation_id, gone.asked, gone.answer))
    db.execute("DELETE FROM shown WHERE conversation_id = ?", (conversation_id,))
    query = "SELECT number, turn, sight FROM turns WHERE conversation_id = ? ORDER BY number"
    left = [(row["number"], row["sight"], turn_from_json(row["turn"])) for row in db.execute(query, (conversation_id,))]
    for place, sight, turn in left:
        note_shown(db, conversation_id, place, sight, turn)
    if not left:
        db.execute("DELETE FROM conversations WHERE conversation_id = ?", (conversation_id,))
        return
    query = "UPDATE conversations SET title = ?, title_sight = ? WHERE conversation_id = ? AND title = ?"
    first = left[0]
    db.execute(query, (title_from(first[2].asked), first[1], conversation_id, title_from(gone.asked)))


def note_shown(db: Connection, conversation_id: str, number: int, sight: int, turn: Turn) -> None:
    """Write which moments a turn shows, within a transaction."""
    rows = [
        (conversation_id, c.handle, sight, number, c.moment_id, c.video_id, c.title, c.span.start, c.span.end)
        for c in turn.citations
    ]
    db.executemany("INSERT OR REPLACE INTO shown VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)


def _move(db: Connection, key: str, moved_to: str) -> None:
    """Call a video by its new key, whoever told of it."""

    def video(known: str) -> str:
        return moved_to if known == key else known

    def moment(known: str) -> str:
        named, colon, number = known.rpartition(":")
        return f"{video(named)}{colon}{number}"

    written = json.dumps(key, ensure_ascii=False)[1:-1]
    query = "SELECT conversation_id, number, turn FROM turns WHERE instr(turn, ?)"
    for row in db.execute(query, (written,)).fetchall():
        turn = turn_to_json(renamed(turn_from_json(row["turn"]), video, moment))
        query = "UPDATE turns SET turn = ? WHERE conversation_id = ? AND number = ?"
        db.execute(query, (turn, row["conversation_id"], row["number"]))
    query = "SELECT number, feedback FROM feedback WHERE instr(feedback, ?)"
    for row in db.execute(query, (written,)).fetchall():
        kept = feedback_from_json(row["feedback"])
        moments = tuple(called(one, video, moment) for one in kept.moments)
        named = feedback_to_json(replace(kept, moments=moments))
        db.execute("UPDATE feedback SET feedback = ? WHERE number = ?", (named, row["number"]))
    query = "UPDATE shown SET video_id = ?, moment_id = ? || substr(moment_id, ?) WHERE video_id = ?"
    db.execute(query, (moved_to, moved_to, len(key) + 1, key))
    db.execute("DELETE FROM claims WHERE substr(moment_id, 1, ?) = ?", (len(key) + 1, f"{key}:"))


def _redact(db: Connection, out: Redaction) -> None:
    for row in db.execute("SELECT conversation_id, title FROM conversations").fetchall():
        _conversation(db, out, row["conversation_id"], row["title"])
    for key in sorted(out.gone):
        query = "UPDATE shown SET title = ?, video_id = ?, moment_id = ? || handle WHERE video_id = ?"
        db.execute(query, (REMOVED, NOBODY, f"{NOBODY}:", key))
        db.execute("DELETE FROM claims WHERE substr(moment_id, 1, ?) = ?", (len(key) + 1, f"{key}:"))


def _conversation(db: Connection, out: Redaction, conversation_id: str, title: str) -> None:
    query = "SELECT number, turn FROM turns WHERE conversation_id = ?"
    turns = [(row["number"], turn_from_json(row["turn"])) for row in db.execute(query, (conversation_id,))]
    is_touched = any(not out.touched.isdisjoint(_videos(turn)) for _, turn in turns)
    redact = out.words if is_touched else out.quotes
    for number, turn in turns:
        changed = redacted(turn, out, redact)
        if changed != turn:
            searchable = f"{changed.asked}\n{changed.answer}".casefold()
            query = "UPDATE turns SET searchable = ?, turn = ? WHERE conversation_id = ? AND number = ?"
            db.execute(query, (searchable, turn_to_json(changed), conversation_id, number))
    db.execute("UPDATE conversations SET title = ? WHERE conversation_id = ?", (redact(title), conversation_id))
    query = "SELECT number, feedback FROM feedback WHERE conversation_id = ?"
    for row in db.execute(query, (conversation_id,)).fetchall():
        kept = _opinion(feedback_from_json(row["feedback"]), out, redact)
        db.execute("UPDATE feedback SET feedback = ? WHERE number = ?", (feedback_to_json(kept), row["number"]))


def redacted(turn: Turn, out: Redaction, redact: Redact) -> Turn:
    """Return a turn without what left the library; `redact` takes it out of texts."""
    return replace(
        turn,
        asked=redact(turn.asked),
        query=redact(turn.query),
        answer=_answer(turn.answer, turn.citations, out, redact, is_all=turn.video in out.gone),
        citations=tuple(_citation(one, out, redact) for one in turn.citations),
        video=None if turn.video is None else out.video(turn.video),
        listed=tuple(map(out.video, turn.listed)),
        filters=_filters(turn.filters, out, redact),
    )


def _opinion(kept: Feedback, out: Redaction, redact: Redact) -> Feedback:
    return replace(
        kept,
        words=redact(kept.words),
        asked=redact(kept.asked),
        query=redact(kept.query),
        answer=_answer(kept.answer, kept.moments, out, redact, is_all=False),
        moments=tuple(_citation(one, out, redact) for one in kept.moments if one.video_id not in out.gone),
    )


def _answer(answer: str, cited: Sequence[Citation], out: Redaction, redact: Redact, is_all: bool) -> str:
    """Return an answer without the lines that cite what left; nothing of it where it cites nothing else."""
    left = {one.handle for one in cited if one.video_id in out.gone}
    if is_all or (left and len(left) == len(cited)):
        return REMOVED
    lines = (REMOVED if left & set(map(int, _MARK.findall(line))) else redact(line) for line in answer.split("\n"))
    return "\n".join(lines)


def _citation(citation: Citation, out: Redaction, redact: Redact) -> Citation:
    ranking = citation.ranking
    if citation.video_id in out.gone:
        return replace(
            citation,
            moment_id=f"{NOBODY}:{split_moment_id(citation.moment_id)[1]}",
            video_id=NOBODY,
            title=REMOVED,
            keyframe=None,
            observation=citation.observation and REMOVED,
            ranking=ranking and replace(ranking, matched=()),
        )
    if ranking:
        ranking = replace(ranking, matched=tuple(word for word in ranking.matched if redact(word) == word))
    return replace(
        citation,
        title=redact(citation.title),
        observation=citation.observation and redact(citation.observation),
        ranking=ranking,
    )


def _filters(filters: Filters, out: Redaction, redact: Redact) -> Filters:
    return replace(
        filters,
        videos=tuple(map(out.video, filters.videos)),
        not_videos=tuple(map(out.video, filters.not_videos)),
        not_moments=tuple(map(out.moment, filters.not_moments)),
        before=filters.before and out.moment(filters.before),
        after=filters.after and out.moment(filters.after),
        during=filters.during and out.moment(filters.during),
        without=tuple(map(redact, filters.without)),
    )


def _videos(turn: Turn) -> Iterator[str]:
    filters = turn.filters
    yield from (one.video_id for one in turn.citations)
    yield from (*turn.listed, *filters.videos, *filters.not_videos, *filter(None, (turn.video,)))
    named = (*filters.not_moments, *filter(None, (filters.before, filters.after, filters.during)))
    yield from (moment.rpartition(":")[0] for moment in named)
