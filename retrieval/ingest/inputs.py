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
from retrieval.types import KINDS, TextKind, TimedText, whole

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
    path: Path, before: Given, captions: Annotation | None, drop: frozenset[TextKind], original: Path | None = None
) -> tuple[Given, tuple[str, ...]]:
    """Return what is given to a video from now on, and what was left out of it.

    Args:
        path: a file of the video, with its subtitle files beside it.
        before: what was given until now.
        captions: what a captions file holds of it.
        drop: kinds of text that are taken away, though their files may be there.
        original: where the video lies, if `path` is another name of it: then all names keep what was given to them.
    """
    notes = list(captions.dropped if captions else ())
    offered = captions.captions if captions is not None else ()
    own, further = before.captions, dict(before.further)
    if offered and original is None:
        own = offered
    elif offered and offered != own:
        further[_named(path)] = offered
    if "captions" in drop:
        own, further = (), {}
    if "subtitles" in drop:
        notes += [COMES_BACK for _ in subtitles.sidecars(path)[:1]]
        return Given(own, further=further), tuple(notes)
    beside = {file: file.name[len(path.stem) :] for file in subtitles.sidecars(path.absolute())}
    if original is not None:
        beside = {file: _named(file) for file in beside.keys() - set(subtitles.sidecars(original))}
    cues, digests = _cues(beside, before, notes)
    if original is None and digests.keys() & set(beside.values()):
        cues.pop("", None)  # of a file whose name was not kept: this is it
    if original is None and any(name and not _lies(path, name) for name in cues):
        notes.append(FILE_GONE)
    return Given(own, cues, digests, further), tuple(notes)


def _lies(path: Path, name: str) -> bool:
    """Tell whether a subtitle file is there that is called so, after its video or by its whole path."""
    return Path(name).is_file() if Path(name).is_absolute() else path.with_name(path.stem + name).exists()


def _cues(
    files: Mapping[Path, str], before: Given, notes: list[str]
) -> tuple[dict[str, tuple[TimedText, ...]], dict[str, str]]:
    """Return the cues and digests of subtitle files, by what they are called, with those of before."""
    cues, digests = dict(before.subtitles), dict(before.digests)
    for file, name in sorted(files.items()):
        try:
            subtitles.check_ordinary(file)
            digest = hashlib.sha256(subtitles.start_of(file)).hexdigest()
            if name not in cues or digests.get(name) != digest:
                cues[name] = tuple(subtitles.read_subtitles(file))
            digests[name] = digest
        except InvalidSubtitles as error:
            notes.append(f"{error.message}: left out")
        except OSError as error:
            notes.append(f"{file.name!r} cannot be read: {error.strerror}: left out")
    return cues, digests


def renamed(given: Given, was: Path, path: Path) -> Given:
    """Return what was given to a video that lies at `path` now and lay at `was`; `path` may have been a name of it too.

    What was given under the name that the video has now is called so, and what was given under the one before stays.
    """
    own = {
        name: Path(name).name[len(path.stem) :]
        for name in given.subtitles
        if Path(name).parent == path.parent and subtitles.belongs(Path(name), path.stem)
    }
    before = {name: _named(was.with_name(f"{was.stem}{name}")) for name in given.subtitles if name.startswith(".")}
    called = {**before, **own} if own else {}
    cues = {called.get(name, name): said for name, said in given.subtitles.items()}
    digests = {called.get(name, name): digest for name, digest in given.digests.items()}
    further = dict(given.further)
    captions = further.pop(_named(path), None)
    if captions is None:
        return Given(given.captions, cues, digests, further)
    return Given(captions, cues, digests, {**further, **({_named(was): given.captions} if given.captions else {})})


def _named(path: Path) -> str:
    return whole(str(path.absolute()))


def changes(
    before: Iterable[TimedText], after: Iterable[TimedText], drop: frozenset[TextKind] = frozenset()
) -> Mapping[TextKind, TextChange]:
    """Return what became of each kind of text that a video has or had.

    Where other texts took the place of a kind, as subtitles do of speech, it is replaced; removed is what was dropped.
    Where all that there was is still there, the rest was added.
    """
    old, new = _by_kind(before), _by_kind(after)
    told: dict[TextKind, TextChange] = {}
    for kind in KINDS.values():
        if old.get(kind, frozenset()) < new.get(kind, frozenset()):
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
