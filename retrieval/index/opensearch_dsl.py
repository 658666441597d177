"""What is said to OpenSearch: mappings, documents and queries as plain values. Pure.

`retrieval.index.filters.admits` says what a scope must mean. Words come analysed (see `retrieval.analysis`), so the
server only splits them at spaces and ranks them by BM25. Filters stand inside every clause that ranks: beside a k-NN
clause they would be applied to its k best, and fewer would be left.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Literal

import numpy as np

from retrieval.index.base import KeywordQuery, MomentRow, Scope, VideoRows
from retrieval.index.filters import filter_fields
from retrieval.index.phrases import forms
from retrieval.spaces import Column, IndexSpaces, Vectors
from retrieval.types import whole

Body = dict[str, Any]

MOST_NEAREST = 10_000
"""As many as a k-NN clause can be asked for."""

MOST_HITS = 100_000
"""As many as one search can return."""

MOST_STEMS = 1_000
"""Stems of a query that are looked for; the server refuses more than 1,024 clauses."""

MOST_VALUES = 60_000
"""Values in one clause; the server refuses more than 65,536."""

LONGEST_ID = 500
"""Bytes of a document's id; the server refuses more than 512."""

EXPLORED = 2_000
"""Neighbours that an approximate search looks at, at least.

With 100 one query in five missed one of its 50 nearest of 8,803 moments, with 800 an index made anew ranked one
question in a thousand otherwise, with 2,000 none. It takes no longer: most of a search is not the walk
through the graph.
"""

Engine = Literal["lucene", "faiss"]


@dataclass(frozen=True, slots=True)
class Layout:
    """How an index lies in the cluster.

    `faiss` keeps vectors on disk with one bit for each number and ranks again by the full ones: for very many moments.
    """

    shards: int = 1
    replicas: int = 0
    engine: Engine = "lucene"


# -- mappings -------------------------------------------------------------------------------------------------


def moment_index(spaces: IndexSpaces, meta: Body, layout: Layout) -> Body:
    """Return settings and mapping of the index of moments."""
    vectors = _vector_fields(spaces.of_moments, layout)
    return _index({**_SHARED, "duration": {"type": "double"}, **vectors}, meta, layout)


def frame_index(spaces: IndexSpaces, meta: Body, layout: Layout) -> Body:
    """Return settings and mapping of the index of keyframes."""
    vectors = _vector_fields(spaces.of_keyframes, layout)
    return _index({**_SHARED, "time": {"type": "double"}, **vectors}, meta, layout)


def _vector_fields(columns: Sequence[Column], layout: Layout) -> Body:
    return {column.name: vector_field(column.dimension, layout.engine) for column in columns}


_WORDS = {"type": "text", "analyzer": "whitespace"}
_SHARED: Body = {
    "moment_id": {"type": "keyword"},
    "video_id": {"type": "keyword"},
    "generation": {"type": "long"},
    "collections": {"type": "keyword"},
    "sources": {"type": "keyword"},
    "start": {"type": "double"},
    "end": {"type": "double"},
    "stems": {"type": "integer"},
    "caption_bow": _WORDS,
    "moment_description": {**_WORDS, "norms": False},
}


def vector_field(length: int, engine: Engine) -> Body:
    """Return the mapping of a vector of this length, compared by cosine."""
    if engine == "faiss":
        return {"type": "knn_vector", "dimension": length, "space_type": "cosinesimil", "mode": "on_disk"}
    graph = {"m": 16, "ef_construction": 100}
    method = {"name": "hnsw", "engine": engine, "space_type": "cosinesimil", "parameters": graph}
    return {"type": "knn_vector", "dimension": length, "method": method}


def _index(properties: Body, meta: Body, layout: Layout) -> Body:
    settings = {
        "knn": True,
        "number_of_shards": layout.shards,
        "number_of_replicas": layout.replicas,
        "max_result_window": MOST_HITS,
    }
    return {
        "settings": {"index": settings},
        "mappings": {"dynamic": "strict", "_meta": meta, "properties": properties},
    }


# -- documents ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Document:
    """One document and its id, the same each time it is written."""

    id: str
    source: Body


def moment_document(video: VideoRows, moment: MomentRow) -> Document:
    """Return one moment as a document; vectors without a direction are left out."""
    own = {"duration": video.duration, **_present(moment.vectors)}
    return Document(document_id(video.generation, moment.moment_id), {**_shared(video, moment), **own})


def frame_documents(video: VideoRows, moment: MomentRow) -> Iterator[Document]:
    """Yield one moment's keyframes as documents, those whose vectors have a direction."""
    shared = _shared(video, moment)
    for frame in moment.frames:
        if present := _present(frame.vectors):
            name = f"{moment.moment_id}@{float(frame.time)!r}"
            yield Document(document_id(video.generation, name), {**shared, "time": float(frame.time), **present})


def _present(vectors: Mapping[str, Vectors]) -> Body:
    return {column: numbers(vector) for column, vector in vectors.items() if vector.any()}


def document_id(generation: int, name: str) -> str:
    """Return the id of what bears this name in a generation, shortened where it is too long for the server."""
    full = f"{generation}/{name}"
    if len(full.encode()) <= LONGEST_ID:
        return full
    return f"{generation}/{blake2b(name.encode()).hexdigest()}"


def numbers(vector: Vectors) -> list[float]:
    """Return a vector as numbers that are short to write and the same in single precision."""
    return list(np.round(vector.astype(np.float64), 9).tolist())


def _shared(video: VideoRows, moment: MomentRow) -> Body:
    return {
        **filter_fields(video, moment),
        "stems": len(moment.terms.split()),
        "caption_bow": moment.terms,
        "moment_description": moment.plain,
    }


# -- queries --------------------------------------------------------------------------------------------------


def within(scope: Scope) -> Body:
    """Return a scope as the conditions of a `bool` clause."""
    wanted = scope.filter
    must: list[Body] = [_any_of("collections", sorted(scope.collections))]
    if wanted.videos is not None:
        must.append(_any_of("video_id", sorted(wanted.videos)))
    if wanted.within is not None:
        must += [{"range": {"start": {"lt": wanted.within.end}}}, {"range": {"end": {"gt": wanted.within.start}}}]
    if wanted.sources is not None:
        must.append(_any_of("sources", sorted(wanted.sources)))
    must += [_any_form(phrase) for phrase in scope.phrases]
    never: list[Body] = [{"match_phrase": {"caption_bow": stem}} for stem in scope.excluded]
    if scope.hidden:
        never.append(_any_of("generation", sorted(scope.hidden)))
    return {"filter": must, "must_not": never} if never else {"filter": must}


def _any_form(phrase: str) -> Body:
    held = [{"match_phrase": {"moment_description": form}} for form in forms(phrase)]
    return {"bool": {"should": held, "minimum_should_match": 1}}


def _any_of(field: str, values: Sequence[str] | Sequence[int]) -> Body:
    clean = [whole(value) if isinstance(value, str) else value for value in values]
    parts = [{"terms": {field: clean[at : at + MOST_VALUES]}} for at in range(0, len(clean), MOST_VALUES)]
    if len(parts) > 1:
        return {"bool": {"should": parts, "minimum_should_match": 1}}
    return parts[0] if parts else {"match_none": {}}


def keywords(query: KeywordQuery, k: int) -> Body:
    """Return the search for moments that hold any of these stems; ties by moment id, so that merges change nothing."""
    stems, rare = list(dict.fromkeys(query.terms))[:MOST_STEMS], query.rarity
    if rare is None:
        looked_for: Body = {"match": {"caption_bow": {"query": " ".join(query.terms[:MOST_STEMS])}}}
        ranked: Body = {"bool": {"must": looked_for, **within(query.scope)}}
    else:
        held = [{"constant_score": {"filter": _held(stem), "boost": rare.idf[stem]}} for stem in stems]
        holding = {"bool": {"should": held, "minimum_should_match": 1, **within(query.scope)}}
        figures = {"damping": rare.damping(0.0), "growth": rare.damping(1.0) - rare.damping(0.0)}
        script = {"source": _ONCE, "params": figures}
        ranked = {"script_score": {"query": holding, "script": script}}
    return {**_hits(ranked, k), "sort": [{"_score": "desc"}, {"moment_id": "asc"}]}


_ONCE = "_score / (1 + params.damping + params.growth * doc['stems'].value)"
"""BM25 with the idf of each stem as its score, each stem counting once; without its constant factor, as the other."""


def _held(stem: str) -> Body:
    return {"term": {"caption_bow": stem}}


def nearest(column: Column, vector: Vectors, scope: Scope, k: int) -> Body:
    """Return the search for about the k nearest rows, by the graph."""
    walked = {"k": k, "method_parameters": {"ef_search": max(k, EXPLORED)}}
    near = {"knn": {column.name: {"vector": numbers(vector), **walked, "filter": {"bool": within(scope)}}}}
    return _hits(near, k, column)


def exact(column: Column, vector: Vectors, scope: Scope, k: int) -> Body:
    """Return the search for the k nearest moments that compares all rows; each moment counts by its best row."""
    conditions = within(scope)
    conditions["filter"] = [*conditions["filter"], {"exists": {"field": column.name}}]
    compared = {"field": column.name, "query_value": numbers(vector), "space_type": "cosinesimil"}
    script = {"lang": "knn", "source": "knn_score", "params": compared}
    body = _hits({"script_score": {"query": {"bool": conditions}, "script": script}}, k, column)
    return {**body, "collapse": {"field": "moment_id"}} if column.of == "keyframe" else body


def _hits(query: Body, k: int, column: Column | None = None) -> Body:
    wanted = ["moment_id", "time"] if column is not None and column.of == "keyframe" else ["moment_id"]
    return {"size": k, "_source": False, "docvalue_fields": wanted, "track_total_hits": False, "query": query}


def cosine(score: float) -> float:
    """Return the cosine that the server's score of a vector stands for."""
    return 2.0 * score - 1.0


def rows_of(video_ids: Sequence[str], generations: Sequence[int] | None) -> Body:
    """Return the query for all rows of these videos, or only those of these generations."""
    must = [_any_of("video_id", video_ids)]
    if generations is not None:
        must.append(_any_of("generation", generations))
    return {"query": {"bool": {"filter": must}}}
