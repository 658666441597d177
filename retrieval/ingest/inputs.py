"""What a video is made from: what is given now, and what was given before and was not withdrawn.

An input that is absent is not withdrawn. Without a captions file, a subtitle file or a model, what came of them before
stays; only a word for it (`drop`) or a removal takes texts away. A file of texts replaces its own texts alone.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from retrieval.catalogue.given import Given
from retrieval.errors import InvalidSubtitles
from retrieval.ingest import findings, speech, subtitles
from retrieval.ingest.annotations import Annotation
from retrieval.ingest.captions import Captioner
from retrieval.ingest.sources import PIPELINE
from retrieval.publishing.stages import Stages
from retrieval.types import KINDS, TextKind, TimedText

MADE_BY = "made by"
"""The stage that says which models a video was made with, whether they found anything or not."""

COMES_BACK = "its subtitle file is still there: the next ingest reads it again, unless you move it away"
FILE_GONE = "a subtitle file is gone; its texts are kept (--drop subtitles takes them away)"

TextChange = Literal["added", "kept", "replaced", "removed"]


@dataclass(frozen=True, slots=True)
class Models:
    """The models that understand speech and describe frames, by name; None where none does."""

    speech: str | None = None
    describer: str | None = None


def models_of(stages: Stages) -> Models:
    """Return the models that a video was made with."""
    noted = stages.results(MADE_BY, PIPELINE).get("")
    if noted is not None:
        return Models(*json.loads(noted))
    return Models(findings.model_of(stages, findings.SPEECH), findings.model_of(stages, findings.DESCRIBING))


def note_models(stages: Stages, models: Models) -> None:
    """Keep which models a video was made with."""
    stages.keep(MADE_BY, PIPELINE, {"": json.dumps([models.speech, models.describer])})


def models_for(wanted: Models, before: Models, drop: frozenset[TextKind]) -> Models:
    """Return the models that count: those that are set and can be used, else those of before, but for what is dropped.

    Args:
        wanted: those that are set.
        before: those that the video was made with.
        drop: kinds of text that are taken away.
    """
    heard = wanted.speech if wanted.speech is not None and speech.unavailable(wanted.speech) is None else before.speech
    return Models(
        None if "speech" in drop else heard,
        None if "descriptions" in drop else wanted.describer or before.describer,
    )


def fitting(wanted: Models, captioner: Captioner | None, film: Path) -> tuple[Models, tuple[str, ...]]:
    """Return the models that are set without a describer that does not know this film, and what is said of that."""
    reason = None if captioner is None else captioner.unfit(film)
    return (wanted, ()) if reason is None else (replace(wanted, describer=None), (f"pictures not described: {reason}",))


def given_now(
    path: Path, before: Given, captions: Annotation | None, drop: frozenset[TextKind]
) -> tuple[Given, tuple[str, ...]]:
    """Return what is given to a video from now on, and what was left out of it.

    Args:
        path: the video, with its subtitle files beside it.
        before: what was given until now.
        captions: what a captions file holds of it.
        drop: kinds of text that are taken away, though their files may be there.
    """
    notes = list(captions.dropped if captions else ())
    offered = captions.captions if captions is not None and captions.captions else before.captions
    cues, digests = dict(before.subtitles), dict(before.digests)
    for file in () if "subtitles" in drop else subtitles.sidecars(path):
        name = file.name[len(path.stem) :]
        try:
            subtitles.check_ordinary(file)
            digest = hashlib.sha256(subtitles.start_of(file)).hexdigest()
            if name not in cues or digests.get(name) != digest:
                cues[name] = tuple(subtitles.read_subtitles(file))
            digests[name] = digest
            cues.pop("", None)  # of a file whose name was not kept: this is it
        except InvalidSubtitles as error:
            notes.append(f"{error.message}: left out")
        except OSError as error:
            notes.append(f"{file.name!r} cannot be read: {error.strerror}: left out")
    if "subtitles" in drop:
        cues, digests = {}, {}
        notes += [COMES_BACK for _ in subtitles.sidecars(path)[:1]]
    elif any(name and not path.with_name(path.stem + name).exists() for name in cues):
        notes.append(FILE_GONE)
    return Given(() if "captions" in drop else tuple(offered), cues, digests), tuple(notes)


def changes(
    before: Iterable[TimedText], after: Iterable[TimedText], drop: frozenset[TextKind] = frozenset()
) -> Mapping[TextKind, TextChange]:
    """Return what became of each kind of text that a video has or had.

    Where other texts took the place of a kind, as subtitles do of speech, it is replaced; removed is what was dropped.
    """
    old, new = _by_kind(before), _by_kind(after)
    told: dict[TextKind, TextChange] = {}
    for kind in KINDS.values():
        if kind not in old and kind in new:
            told[kind] = "added"
        elif kind in old and kind not in new:
            told[kind] = "removed" if kind in drop else "replaced"
        elif kind in old:
            told[kind] = "kept" if old[kind] == new[kind] else "replaced"
    return told


def _by_kind(texts: Iterable[TimedText]) -> Mapping[TextKind, frozenset[tuple[float, str]]]:
    found: dict[TextKind, set[tuple[float, str]]] = {}
    for text in texts:
        found.setdefault(KINDS[text.source], set()).add((text.span.start, text.text))
    return {kind: frozenset(said) for kind, said in found.items()}
