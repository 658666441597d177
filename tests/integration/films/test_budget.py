"""A budget of keyframes over a real film."""

from pathlib import Path

import pytest

from retrieval.encoders.hashing import HashingTextEncoder
from retrieval.encoders.lazy import Encoders
from retrieval.index.memory import MemoryIndex
from retrieval.ingest.budget import allowed
from retrieval.ingest.options import IngestOptions
from retrieval.library import Library
from tests.films import film, shots


@pytest.mark.parametrize("frames_per_hour", [1, 700, 36_000])
def test_every_moment_keeps_a_keyframe_whatever_the_budget(tmp_path: Path, frames_per_hour: int) -> None:
    path = film(tmp_path / "a.mp4", shots(*[(number, 0.6) for number in range(30)]))
    encoders, options = Encoders(HashingTextEncoder), IngestOptions(frames_per_hour=frames_per_hour)
    with Library(tmp_path / "home", encoders, options, make_index=lambda _, spaces: MemoryIndex(spaces)) as library:
        library.ingest([path], "here")
        moments = library.catalogue.moments("a", frozenset({"here"}))
        kept = library.catalogue.keyframe_count(library.catalogue.video("a", frozenset({"here"})))
        assert all(moment.keyframes for moment in moments)
        assert kept <= max(len(moments), allowed(18, frames_per_hour)) + len(moments)
        assert kept == len(list(library.catalogue.frames_folder(1).iterdir()))
        assert (kept >= 30) == (frames_per_hour == 36_000)
        spans = [moment.span for moment in moments]
    with Library(tmp_path / "other", encoders, make_index=lambda _, spaces: MemoryIndex(spaces)) as library:
        library.ingest([path], "here")
        assert [moment.span for moment in library.catalogue.moments("a", frozenset({"here"}))] == spans
