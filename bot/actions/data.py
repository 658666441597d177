"""Answers, events, hits, videos and moments as plain data for programs: the shapes that `--json` prints.

`docs/json.md` describes them, `docs/json.schema.json` holds them. New fields keep VERSION; a field that goes or changes
raises it.
"""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Final

from bot.actions.cutting import FileSpan
from bot.actions.explaining import Explanation
from bot.actions.searching import Searched
from bot.dialogue import events
from bot.dialogue.messages import Answer
from bot.dialogue.storing.base import Summary
from bot.dialogue.storing.records import citation_as_data, filters_as_data, ranking_as_data
from bot.errors import Problem
from retrieval.catalogue.findable import Coverage, Findable
from retrieval.catalogue.given import ASIDE
from retrieval.ingest.cutting import Clip
from retrieval.ingest.relink import is_gone
from retrieval.types import Hit, Moment, TimedText, Video

VERSION: Final = 2

Data = dict[str, object]


def versioned(data: Mapping[str, object]) -> Data:
    """Return data with the version of its shape, as every object that is printed or written has it."""
    return {"version": VERSION, **data}


def answer_data(answer: Answer) -> Data:
    """Return an answer as `ask --json` prints it."""
    return {
        "answer": answer.text,
        "verdict": answer.verdict,
        "confidence": answer.confidence,
        "looked": answer.looked,
        "sources": list(answer.sources),
        "choices": list(answer.choices),
        "citations": [citation_as_data(citation) for citation in answer.citations],
        "understood": {"act": answer.act, "query": answer.query, "filters": filters_as_data(answer.filters)},
        "conversation": answer.conversation_id,
        "model": answer.model,
        "seconds": answer.seconds,
    }


def event_data(event: events.Event) -> Data:
    """Return an event of a reply as `chat --json` prints it: its name, and what it says."""
    return {"event": type(event).__name__.lower(), **_of_event(event)}


def _of_event(event: events.Event) -> Data:
    match event:
        case events.Answered(answer) | events.Clarifying(answer):
            return answer_data(answer)
        case events.Failed(problem):
            return problem_data(problem)
        case events.Understood(act, query, filters, note):
            return {"act": act, "query": query, "filters": filters_as_data(filters), "note": note}
        case events.Looking(model, keyframes):
            return {"model": model, "keyframes": [str(path) for path in keyframes]}
        case _:
            return asdict(event)


def problem_data(problem: Problem, reference: str = "") -> Data:
    """Return what went wrong, with its reference in the log where it has one."""
    noted = {"reference": reference} if reference else {}
    return {"error": {"code": problem.code, "message": problem.message, "hint": problem.hint, **noted}}


def search_data(asked: str, found: Searched) -> Data:
    """Return a search as `search --json` prints it."""
    return {
        "query": asked,
        "seconds": round(found.seconds, 6),
        "verdict": found.judgement.verdict,
        "confidence": round(found.judgement.confidence, 4),
        "mended": dict(found.mended),
        "hits": [hit_data(hit) for hit in found.hits],
    }


def hit_data(hit: Hit) -> Data:
    """Return a hit as `search --json` prints it."""
    return {
        "rank": hit.rank,
        "moment_id": hit.moment.moment_id,
        "video_id": hit.moment.video_id,
        "title": hit.title,
        "start": hit.span.start,
        "end": hit.span.end,
        "timecode": hit.span.timecode,
        "text": hit.moment.text,
        "score": hit.score,
        "arms": {arm: {"rank": at.rank, "score": at.score} for arm, at in hit.arms.items()},
        "keyframes": [str(frame.path) for frame in hit.moment.keyframes],
        "collections": list(hit.collections),
    }


def video_data(video: Video, found: Findable) -> Data:
    """Return a film as `videos list --json` prints it, with what it is found by and the collections that hold it."""
    return {
        "video_id": video.video_id,
        "title": video.title,
        "duration": video.duration,
        "state": state_of(video, found),
        "findable": {"words": list(found.kinds), "pictures": found.pictures},
        "gone": is_gone(video),
        "note": video.note,
        "given": list(video.given),
        "collections": [
            {
                "collection": one.entry.collection,
                "title": one.title,
                "path": absolute(one.entry.path),
                "video_id": one.video_id,
            }
            for one in (video, *video.copies)
        ],
    }


def state_of(video: Video, found: Findable) -> str:
    """Return a video's state; one of which all was read, and nothing said or written was found, is `wordless`."""
    return "wordless" if video.state == "complete" and not found.kinds else video.state


def coverage_data(found: Coverage) -> Data:
    """Return how many videos can be found by what, as `ingest --json` prints it."""
    return {
        "videos": found.videos,
        "words": dict(found.words),
        "wordless": found.wordless,
        "pictures": found.pictures,
    }


def waits_for_choice(film: Video) -> bool:
    """Tell whether texts that were given to a film belong to none of its videos yet."""
    return ASIDE in (film.note, *(copy.note for copy in film.copies))


def moment_data(moment: Moment) -> Data:
    """Return a moment as `videos show --json` prints it."""
    return {
        "moment_id": moment.moment_id,
        "start": moment.span.start,
        "end": moment.span.end,
        "timecode": moment.span.timecode,
        "texts": [text_data(text) for text in moment.texts],
        "keyframes": [str(frame.path) for frame in moment.keyframes],
    }


def text_data(text: TimedText) -> Data:
    """Return a text of a video."""
    return {"source": text.source, "start": text.span.start, "end": text.span.end, "text": text.text}


def explanation_data(explanation: Explanation) -> Data:
    """Return why a moment was shown as `/why` prints it in `chat --json`."""
    ranking = explanation.citation.ranking
    return {
        **citation_as_data(explanation.citation),
        "asked": explanation.asked,
        "query": explanation.query,
        "model": explanation.model,
        "ranking": None if ranking is None else ranking_as_data(ranking),
    }


def clip_data(source: FileSpan, clip: Clip) -> Data:
    """Return a clip as `clip --json` prints it."""
    return {
        "path": absolute(clip.path),
        "video_id": source.video_id,
        "start": clip.start,
        "end": clip.end,
        "copied": clip.copied,
    }


def summary_data(summary: Summary) -> Data:
    """Return a conversation as `conversations list --json` prints it."""
    return {
        "conversation": summary.conversation_id,
        "title": summary.title,
        "turns": summary.turns,
        "updated": summary.updated.isoformat(),
    }


def absolute(path: Path | None) -> str | None:
    """Return a path as programs get it."""
    return None if path is None else str(path.absolute())
