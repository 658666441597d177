from collections.abc import Callable, Iterable

from retrieval.catalogue import vectors
from retrieval.catalogue.catalogue import Catalogue
from retrieval.library import Library
from retrieval.searching import known_moments
from retrieval.searching.known_moments import KnownMoments
from retrieval.types import Moment

PUBLIC = frozenset({"public"})
Import = Callable[..., None]
PETS = {"pets": [(0.0, 5.0, "A dog, and a dog."), (5.0, 10.0, "A cat sleeps."), (10.0, 15.0, "A parrot talks.")]}


class Counting(Catalogue):
    """Counts the moments that are read."""

    read = 0

    def moments_by_id(self, wanted: Iterable[str], visible: frozenset[str]) -> dict[str, Moment]:
        found = super().moments_by_id(wanted, visible)
        self.read += len(found)
        return found


def test_a_moment_is_read_once_and_its_stems_are_counted(library: Library, take: Import) -> None:
    take(PETS)
    catalogue = Counting(library.catalogue.home)
    known = KnownMoments(catalogue, PUBLIC)
    first = known.read(["public/pets:1", "public/pets:3", "public/pets:1", "public/pets:9", "public/other:1"])
    again = known.read(["public/pets:3", "public/pets:1"])
    assert (list(first), list(again), catalogue.read) == (
        ["public/pets:1", "public/pets:3"],
        ["public/pets:3", "public/pets:1"],
        2,
    )
    assert (first["public/pets:1"].counts["dog"], first["public/pets:1"].length) == (2, 2)
    catalogue.close()


def test_of_too_many_moments_the_older_half_goes(library: Library, take: Import) -> None:
    take(PETS)
    catalogue = Counting(library.catalogue.home)
    known = KnownMoments(catalogue, PUBLIC, most=2)
    for name in ("public/pets:1", "public/pets:2", "public/pets:3", "public/pets:2", "public/pets:3"):
        assert list(known.read([name])) == [name]
    assert catalogue.read == 3
    assert list(known.read(["public/pets:1"])) == ["public/pets:1"]
    assert catalogue.read == 4
    catalogue.close()


def test_what_was_written_is_read_anew(library: Library, take: Import) -> None:
    take(PETS)
    before = known_moments.of_visible(library.catalogue, PUBLIC)
    assert known_moments.of_visible(library.catalogue, PUBLIC) is before
    assert "dog" in before.read(["public/pets:1"])["public/pets:1"].counts
    library.remove("pets", PUBLIC)
    assert known_moments.of_visible(library.catalogue, PUBLIC).read(["public/pets:1"]) == {}


def test_context_sums_of_many_moments_are_those_of_each(library: Library, take: Import) -> None:
    take(PETS)
    together = vectors.of_contexts(
        library.catalogue, ["public/pets:3", "public/pets:8", "public/pets:1", "public/other:1"]
    )
    assert list(together) == ["public/pets:3", "public/pets:1"]
    for name, context in together.items():
        alone = vectors.of_context(library.catalogue, name)
        assert alone is not None
        assert (alone == context).all()
    assert vectors.of_contexts(library.catalogue, []) == {}
