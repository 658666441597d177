"""Random libraries: what is shown means one video, and nothing hidden is told."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retrieval.catalogue.catalogue import Catalogue
from retrieval.catalogue.ids import free, key_of, legal, split_key
from retrieval.errors import AmbiguousVideo, NotInLibrary

COLLECTIONS = ("a", "a/b", "b", "public")
NAMES = ("boat", "b", "boat-1", "x:1")
LIBRARIES = st.sets(st.tuples(st.sampled_from(COLLECTIONS), st.sampled_from(NAMES)))
VISIBLE = st.frozensets(st.sampled_from(COLLECTIONS))


def filled(home: Path, videos: set[tuple[str, str]], hashes: int = 3) -> Catalogue:
    catalogue = Catalogue(home)
    with catalogue.database.writing() as db:
        db.execute("DELETE FROM videos")
        db.executemany(
            "INSERT INTO videos (collection, id, title, content_hash, inputs, duration, state, note, generation)"
            " VALUES (?, ?, ?, ?, '', 1.0, 'complete', '', ?)",
            [(where, name, name, f"hash {n % hashes}", n) for n, (where, name) in enumerate(sorted(videos), start=1)],
        )
    return catalogue


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(videos=LIBRARIES, visible=VISIBLE)
def test_what_is_shown_means_one_video_and_hidden_ones_change_nothing(
    tmp_path: Path, videos: set[tuple[str, str]], visible: frozenset[str]
) -> None:
    catalogue = filled(tmp_path, videos)
    naming, seen = catalogue.naming, {one for one in videos if one[0] in visible}
    shown = {one: naming.shown(key_of(*one), visible) for one in seen}
    assert len(set(shown.values())) == len(seen)
    for one, name in shown.items():
        shared = sum(other == one[1] for _, other in seen) > 1
        assert name == (key_of(*one) if shared else one[1])
        assert naming.key(name, visible) == naming.key(key_of(*one), visible) == key_of(*one)
        assert naming.key_of_moment(naming.shown_moment(f"{key_of(*one)}:3", visible), visible) == f"{key_of(*one)}:3"
        if shared:
            with pytest.raises(AmbiguousVideo):
                naming.key(one[1], visible)
    for one in set(videos) - seen:
        told = naming.shown(key_of(*one), visible)
        assert told == f"/{one[1]}"
        for name in (told, key_of(*one)):
            with pytest.raises(NotInLibrary, match="there is no video"):
                naming.key(name, visible)
    everything = catalogue.videos(visible)
    catalogue.close()
    alone = filled(tmp_path, seen)
    assert [(v.video_id, v.entry) for v in everything] == [(v.video_id, v.entry) for v in alone.videos(visible)]
    assert {e.collection for v in everything for e in v.entries} <= visible
    alone.close()


@given(st.lists(st.tuples(st.sampled_from(["film", "film-abcdef", "a/b"]), st.text("abcdef", min_size=6, max_size=9))))
def test_no_id_is_given_twice_and_none_holds_a_slash(wanted: list[tuple[str, str]]) -> None:
    taken: set[str] = set()
    for name, digest in wanted:
        found = free(name, digest, taken.__contains__)
        assert found not in taken
        assert "/" not in found
        assert found.startswith(legal(name))
        assert split_key(key_of("a/b", found)) == ("a/b", found)
        taken.add(found)
