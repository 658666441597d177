"""The arms: each ranks moments in its own way, and knows nothing of the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from retrieval.analysis import Wanted, terms
from retrieval.encoders.lazy import Encoders
from retrieval.errors import MissingModel
from retrieval.index.base import IndexQuery, KeywordQuery, MomentIndex, Scope, Scored, VectorQuery
from retrieval.searching import hubness
from retrieval.spaces import Vectors, unit
from retrieval.types import ArmName, Moment

Rankings = dict[ArmName, list[Scored]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What each arm looks for: stems, a text vector, a picture vector. What is None or empty ranks nothing.

    `like` is the moment that others should be like; it is never among the ranked.
    """

    keywords: tuple[str, ...]
    meaning: Vectors | None
    frames: Vectors | None
    like: Moment | None


class Arms:
    """Asks the arms of one index within one scope, side by side."""

    def __init__(self, index: MomentIndex, encoders: Encoders, scope: Scope) -> None:
        self._index = index
        self._encoders = encoders
        self._scope = scope

    def off(self, arm: ArmName | None, image: Image.Image | None) -> dict[ArmName, str]:
        """Return the arms that are off, with the reason.

        Raises:
            MissingModel: just such an arm is asked for.
        """
        if self._encoders.frames is not None:
            return {}
        reason, hint = "no CLIP weights are set (VDIALOG_CLIP_WEIGHTS)", "`vdialog doctor` shows what is missing."
        if image is not None:
            raise MissingModel(f"searching by picture is off: {reason}", hint)
        if arm == "frames":
            raise MissingModel(f"the frames arm is off: {reason}", hint)
        return {"frames": reason}

    def asked(self, wanted: Wanted, image: Image.Image | None, like: Moment | None) -> Asked:
        """Encode what is asked by words, by a picture, or by a moment."""
        text = wanted.text if like is None else like.text
        stems = wanted.terms if like is None else tuple(dict.fromkeys(terms(like.text)))
        meaning = self._encoders.text.encode([text])[0] if text else None
        return Asked(stems, meaning, self._picture_vector(text, image, like), like)

    def rankings(self, asked: Asked, arms: Sequence[ArmName], k: int) -> Rankings:
        """Return each arm's k best, best first; an arm that is off is left out."""
        queries = {arm: query for arm, query in self._queries(asked).items() if arm in arms}
        found: Rankings = {arm: [] for arm in arms if arm != "frames" or self._encoders.frames is not None}
        found.update(zip(queries, self._index.search_many(list(queries.values()), k), strict=True))
        if "meaning" in found:
            found["meaning"] = [Scored(hit.moment_id, hubness.similarity(hit.score)) for hit in found["meaning"]]
        return {arm: _others(asked, scored) for arm, scored in found.items()}

    def _queries(self, asked: Asked) -> dict[ArmName, IndexQuery]:
        queries: dict[ArmName, IndexQuery] = {}
        if asked.keywords:
            queries["keywords"] = KeywordQuery(asked.keywords, self._scope)
        if asked.meaning is not None:
            queries["meaning"] = VectorQuery("moment_vec", hubness.asked(asked.meaning), self._scope)
        if asked.frames is not None:
            queries["frames"] = VectorQuery("clip_vec", asked.frames, self._scope)
        return queries

    def _picture_vector(self, text: str, image: Image.Image | None, like: Moment | None) -> Vectors | None:
        encoder = self._encoders.frames
        if encoder is None:
            return None
        if image is not None:
            vectors = encoder.encode_images([image])
        elif like is None:
            vectors = encoder.encode_texts([text] if text else [])
        else:
            pictures = [opened for frame in like.keyframes if (opened := _opened(frame.path)) is not None]
            vectors = encoder.encode_images(pictures)
        return unit(vectors.mean(axis=0)) if len(vectors) else None


def _others(asked: Asked, scored: Sequence[Scored]) -> list[Scored]:
    """Leave out the moment that others should be like."""
    left_out = None if asked.like is None else asked.like.moment_id
    return [hit for hit in scored if hit.moment_id != left_out]


def _opened(path: Path) -> Image.Image | None:
    try:
        with Image.open(path) as image:
            return image.convert("RGB")
    except OSError:
        return None
