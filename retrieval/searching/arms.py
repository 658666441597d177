"""The arms: each ranks moments in its own way, and knows nothing of the others. `Encoders.arms` lists them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PIL import Image

from retrieval.analysis import AskedWord, asked_words
from retrieval.catalogue import vectors
from retrieval.catalogue.catalogue import Catalogue
from retrieval.encoders.base import ClipEncoder, ImageEncoder, TextInWords
from retrieval.encoders.lazy import Encoders
from retrieval.errors import InvalidQuery, MissingModel
from retrieval.index.base import IndexQuery, KeywordQuery, MomentIndex, Scope, Scored, VectorQuery
from retrieval.pictures import read_keyframe
from retrieval.searching import bm25, hubness
from retrieval.searching.query import Query
from retrieval.spaces import FRAMES_ARM, KEYWORDS_ARM, MEANING_ARM, Vectors, unit
from retrieval.types import Moment

Rankings = dict[str, list[Scored]]
"""What each arm found, by its name, best first."""


@dataclass(frozen=True, slots=True)
class ArmQueries:
    """What each arm looks for: words, and a vector by the name of each other arm. What is missing ranks nothing.

    `like` is the moment that others should be like; it is never among the ranked. `untaught` tells that the arm of
    frames was asked without words that it does not know. `wordings` are the texts that say what is asked, word by word.
    """

    words: tuple[AskedWord, ...]
    vectors: Mapping[str, Vectors]
    like: Moment | None
    untaught: bool = False
    wordings: tuple[TextInWords, ...] = ()

    @property
    def keywords(self) -> tuple[str, ...]:
        """The stems of all spellings of the words, each once."""
        return tuple(dict.fromkeys(stem for word in self.words for stems in word.spellings for stem in stems))


def check_arm(encoders: Encoders, name: str | None, image: Image.Image | None) -> None:
    """Refuse to ask an arm that is not there or off, before anything is loaded.

    Raises:
        InvalidQuery: there is no arm of this name.
        MissingModel: it is off, or a picture is given and what searches by pictures is off.
    """
    if name not in (None, *(arm.name for arm in encoders.arms)):
        known = ", ".join(arm.name for arm in encoders.arms)
        raise InvalidQuery(f"there is no arm {name!r}", f"These are there: {known}.")
    off, hint = encoders.off, "`vdialog setup` brings models; `vdialog doctor` shows what is missing."
    by_picture = FRAMES_ARM.name if name in (None, KEYWORDS_ARM.name, MEANING_ARM.name) else name
    if image is not None and by_picture in off:
        raise MissingModel(f"searching by picture is off: {off[by_picture]}", hint)
    if name in off:
        raise MissingModel(f"the {name} arm is off: {off[name]}", hint)


class Arms:
    """Asks the arms of one index within one scope, side by side.

    Args:
        index: is asked.
        encoders: know the arms, and make vectors of what is asked.
        scope: what may be found.
        name: the arm that is asked alone, as `check_arm` passed it; None for all that count.
    """

    def __init__(self, index: MomentIndex, encoders: Encoders, scope: Scope, name: str | None) -> None:
        self._index = index
        self._encoders = encoders
        self.scope = scope
        self.name = name
        self.asked_arms = tuple(
            arm
            for arm in encoders.arms
            if arm.name not in encoders.off and (arm.name == name or (name is None and (arm.weight or arm.weight_seen)))
        )

    def asked(self, query: Query, like: Moment | None, catalogue: Catalogue) -> ArmQueries:
        """Encode what is asked by words, by a picture, or by a moment."""
        text, image = query.text if like is None else like.text, query.image
        wordings = list(dict.fromkeys([text, *query.wordings])) if like is None else [text]
        words = tuple(dict.fromkeys(asked_words(text)))
        found, untaught = {}, False
        said: tuple[TextInWords, ...] = ()
        for arm in self.asked_arms:
            if arm.kind is None:
                continue
            encoder = self._encoders.encoder(arm.kind)
            if arm == MEANING_ARM:
                read = self._encoders.read(wordings) if text else []
                said = tuple(read[1:] or read) if like is None else ()
                vector = unit(np.mean([one.vector for one in read], axis=0)) if read else None
            elif arm.kind.encodes == "text":
                vector = unit(encoder.encode(wordings).mean(axis=0)) if text else None
            elif arm.kind.encodes == "frames":
                known = _taught(encoder, text)
                untaught = known != text and asked_words(known) != asked_words(text)
                vector = _of_pictures(encoder, known, image, like)
            elif like is not None:
                vector = vectors.of_moment(catalogue, like.moment_id, arm.kind)
            else:
                vector = _of_clip(encoder, text, image)
            if vector is not None:
                found[arm.name] = vector
        return ArmQueries(words, found, like, untaught, said)

    def words(self, asked: ArmQueries, k: int, counted: Mapping[str, int], favoured: str | None = None) -> list[Scored]:
        """Return the k best of the arm of words, and those of a favoured video; none where it is not asked.

        Where something may be hidden, how rare words are among all rows does not matter, but what is `counted`: in how
        many visible moments each stem occurs (see `bm25.scored`).
        """
        if not asked.keywords or all(arm.kind is not None for arm in self.asked_arms):
            return []
        rarity = None if self.scope.is_whole else bm25.rarity(asked.keywords, counted)
        scopes = self._scopes(favoured)
        found = _each_once(self._index.search(KeywordQuery(asked.keywords, scope, rarity), k) for scope in scopes)
        return [hit for hit in found if asked.like is None or hit.moment_id != asked.like.moment_id]

    def rankings(self, asked: ArmQueries, k: int, favoured: str | None = None) -> Rankings:
        """Return the k best of each arm of vectors, and those of a favoured video; an arm that is off is left out."""
        queries = [
            (arm, query) for scope in self._scopes(favoured) for arm, query in self._queries(asked, scope).items()
        ]
        hits = self._index.search_many([query for _, query in queries], k)
        found: Rankings = {arm.name: [] for arm in self.asked_arms}
        for (arm, _), scored in zip(queries, hits, strict=True):
            found[arm] = _each_once([found[arm], scored])
        if MEANING_ARM.name in found:
            near = found[MEANING_ARM.name]
            found[MEANING_ARM.name] = [Scored(hit.moment_id, hubness.similarity(hit.score)) for hit in near]
        left_out = None if asked.like is None else asked.like.moment_id
        return {arm: [hit for hit in scored if hit.moment_id != left_out] for arm, scored in found.items()}

    def nearest_of(self, video: str, asked: ArmQueries) -> str | None:
        """Return the moment of a video that an arm of vectors likes best, None where none has any."""
        within = replace(self.scope, filter=replace(self.scope.filter, videos=frozenset({video})))
        for query in self._queries(asked, within).values():
            for hit in self._index.search(query, 1):
                return hit.moment_id
        return None

    def _scopes(self, favoured: str | None) -> tuple[Scope, ...]:
        """Return where to look: everywhere in scope, and in a favoured video that is within."""
        among = self.scope.filter.videos
        if favoured is None or not (among is None or favoured in among):
            return (self.scope,)
        within = replace(self.scope.filter, videos=frozenset({favoured}))
        return self.scope, replace(self.scope, filter=within)

    def _queries(self, asked: ArmQueries, scope: Scope) -> dict[str, IndexQuery]:
        queries: dict[str, IndexQuery] = {}
        for arm in self.asked_arms:
            if arm.kind is not None and arm.name in asked.vectors:
                vector = asked.vectors[arm.name]
                vector = hubness.asked(vector) if arm == MEANING_ARM else vector
                queries[arm.name] = VectorQuery(arm.kind.column, vector, scope, exact=not scope.is_whole)
        return queries


def _each_once(rankings: Iterable[Sequence[Scored]]) -> list[Scored]:
    """Return the hits of several rankings of one arm, best first, each once."""
    best = {hit.moment_id: hit for hits in rankings for hit in hits}
    return sorted(best.values(), key=lambda hit: (-hit.score, hit.moment_id))


def _taught(encoder: ImageEncoder, text: str) -> str:
    """Return the words of a text that a picture encoder knows; nothing where none of them names anything."""
    kept = " ".join(word for word in text.split() if encoder.taught(word))
    return text if kept == " ".join(text.split()) else kept if asked_words(kept) else ""


def _of_pictures(encoder: ImageEncoder, text: str, image: Image.Image | None, like: Moment | None) -> Vectors | None:
    if image is not None:
        found = encoder.encode_images([image])
    elif like is None:
        found = encoder.encode_texts([text] if text else [])
    else:
        pictures = [opened for frame in like.keyframes if (opened := _opened(frame.path)) is not None]
        found = encoder.encode_images(pictures)
    return unit(found.mean(axis=0)) if len(found) else None


def _of_clip(encoder: ClipEncoder, text: str, image: Image.Image | None) -> Vectors | None:
    found = encoder.encode_clips([[image]]) if image is not None else encoder.encode_texts([text] if text else [])
    return found[0] if len(found) else None


def _opened(path: Path) -> Image.Image | None:
    try:
        return read_keyframe(path)
    except OSError:
        return None
