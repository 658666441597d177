"""Turns as JSON and back: what the conversation store writes and what an export shows. Pure."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.dialogue.conversation import Turn
from bot.dialogue.messages import Citation, Filters
from bot.tools.pieces import Ranking
from retrieval.types import ArmScore, TimeSpan

WHOLE_BEFORE = ("describe_video", "summarise")
"""Acts that told a whole video or stretch, in turns of versions that did not say so of each."""


def turn_as_data(turn: Turn) -> dict[str, object]:
    """Return a turn as plain data."""
    return {
        "asked": turn.asked,
        "act": turn.act,
        "query": turn.query,
        "answer": turn.answer,
        "verdict": turn.verdict,
        "at": turn.at.isoformat(),
        "citations": [_with_ranking(citation) for citation in turn.citations],
        "video": turn.video,
        "listed": list(turn.listed),
        "filters": filters_as_data(turn.filters),
        "confidence": turn.confidence,
        "looked": turn.looked,
        "model": turn.model,
        "stopped": turn.stopped,
        "whole": turn.whole,
    }


def filters_as_data(filters: Filters) -> dict[str, object]:
    """Return the filters that are set as plain data, in the shape that `ask --json` prints."""
    named: dict[str, object] = {
        "videos": list(filters.videos),
        "from": filters.start,
        "to": filters.end,
        "before": filters.before,
        "after": filters.after,
        "during": filters.during,
        "without": list(filters.without),
        "not_videos": list(filters.not_videos),
        "not_moments": list(filters.not_moments),
        "not_part": filters.not_part,
        "relation": filters.relation,
    }
    return {name: value for name, value in named.items() if value not in (None, [])}


def citation_as_data(citation: Citation) -> dict[str, object]:
    """Return a citation as plain data, in the shape that `ask --json` prints."""
    return {
        "handle": citation.handle,
        "moment_id": citation.moment_id,
        "video_id": citation.video_id,
        "title": citation.title,
        "start": citation.span.start,
        "end": citation.span.end,
        "timecode": citation.timecode,
        "keyframe": None if citation.keyframe is None else str(citation.keyframe),
        "observation": citation.observation,
    }


def ranking_as_data(ranking: Ranking) -> dict[str, object]:
    """Return why a moment was found as plain data; arms as `search --json` prints them."""
    arms = {arm: {"rank": at.rank, "score": at.score} for arm, at in ranking.arms}
    return {"score": ranking.score, "arms": arms, "matched": list(ranking.matched)}


def turn_from_json(text: str) -> Turn:
    """Read a turn back."""
    data: Mapping[str, Any] = json.loads(text)
    return Turn(
        asked=data["asked"],
        act=data["act"],
        query=data["query"],
        answer=data["answer"],
        verdict=data["verdict"],
        at=datetime.fromisoformat(data["at"]),
        citations=tuple(citation_from_data(citation) for citation in data["citations"]),
        video=data["video"],
        listed=tuple(data["listed"]),
        filters=_filters(data.get("filters", {})),
        confidence=data.get("confidence", 1.0),
        looked=data.get("looked", False),
        model=data.get("model"),
        stopped=data.get("stopped", False),
        whole=data.get("whole", data["act"] in WHOLE_BEFORE),
    )


def turn_to_json(turn: Turn) -> str:
    """Write a turn."""
    return json.dumps(turn_as_data(turn), ensure_ascii=False)


def _with_ranking(citation: Citation) -> dict[str, object]:
    """Return a citation as a turn keeps it: with what found it."""
    ranking = {} if citation.ranking is None else {"ranking": ranking_as_data(citation.ranking)}
    return citation_as_data(citation) | ranking


def _filters(data: Mapping[str, Any]) -> Filters:
    """Read filters back; turns of older versions have none."""
    return Filters(
        videos=tuple(data.get("videos", ())),
        start=data.get("from"),
        end=data.get("to"),
        before=data.get("before"),
        after=data.get("after"),
        during=data.get("during"),
        without=tuple(data.get("without", ())),
        not_videos=tuple(data.get("not_videos", ())),
        not_moments=tuple(data.get("not_moments", ())),
        not_part=data.get("not_part"),
        relation=data.get("relation"),
    )


def citation_from_data(data: Mapping[str, Any]) -> Citation:
    """Read a citation back, with its ranking where it has one."""
    return Citation(
        handle=data["handle"],
        moment_id=data["moment_id"],
        video_id=data["video_id"],
        title=data["title"],
        span=TimeSpan(data["start"], data["end"]),
        keyframe=None if data["keyframe"] is None else Path(data["keyframe"]),
        observation=data["observation"],
        ranking=_ranking(data["ranking"]) if data.get("ranking") else None,
    )


def _ranking(data: Mapping[str, Any]) -> Ranking:
    arms = tuple((arm, ArmScore(at["rank"], at["score"])) for arm, at in data["arms"].items())
    return Ranking(data["score"], arms, tuple(data["matched"]))
