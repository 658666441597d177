from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image

from bot.dialogue.verdict import matches
from retrieval.catalogue.catalogue import Catalogue
from retrieval.catalogue.vocabulary import frequencies
from retrieval.encoders.hashing import HashingImageEncoder, HashingTextEncoder
from retrieval.encoders.lazy import Encoders
from retrieval.errors import InvalidQuery, MissingModel, NotInLibrary
from retrieval.index.memory import MemoryIndex
from retrieval.library import Library
from retrieval.publishing.drafts import Draft, Reserved
from retrieval.publishing.generations import Generations
from retrieval.publishing.publisher import Publisher
from retrieval.publishing.versions import FolderStore, IndexVersions
from retrieval.searching.query import Query
from retrieval.searching.search import MomentSearcher
from retrieval.spaces import Vectors
from retrieval.types import Entry, Filter, Keyframe, TextSource, TimedText, TimeSpan

PUBLIC = frozenset({"public"})
Import = Callable[..., None]

PETS = {
    "pets": [
        (0.0, 5.0, "A dog catches a ball."),
        (5.0, 10.0, "A cat sleeps on a sofa."),
        (10.0, 15.0, "A parrot talks."),
    ],
    "kitchen": [(0.0, 8.0, "A woman slices bread."), (8.0, 20.0, "She spreads butter on the bread.")],
}


def ids(library: Library, query: str, **more: object) -> list[str]:
    found = library.searcher.search(Query(query, **more), PUBLIC)  # type: ignore[arg-type]
    return [hit.moment.moment_id for hit in found.hits]


def test_the_best_moment_comes_first_with_each_arms_rank_and_score(library: Library, take: Import) -> None:
    take(PETS)
    found = library.searcher.search(Query("a cat on the sofa"), PUBLIC, 3)
    best = found.hits[0]
    assert (best.rank, best.moment.moment_id, best.title, best.span) == (1, "pets:2", "pets", TimeSpan(5, 10))
    assert (best.arms["keywords"].rank, best.arms["meaning"].rank) == (1, 1)
    assert matches(found)
    assert [hit.score for hit in found.hits] == sorted((hit.score for hit in found.hits), reverse=True)


def test_one_arm_can_be_asked_alone(library: Library, take: Import) -> None:
    take(PETS)
    assert ids(library, "bread", arm="keywords") == ["kitchen:1", "kitchen:2"]
    hits = library.searcher.search(Query("bread", arm="meaning"), PUBLIC).hits
    assert [hit.score for hit in hits] == pytest.approx([hit.arms["meaning"].score for hit in hits])


@pytest.mark.parametrize(
    "query", ["wifi", "Wi-Fi", "wi fi", "followup", "follow up", "C#", "twenty", "1000", "牛肉面", "面"]
)
def test_a_word_is_found_in_whichever_form_it_is_typed(library: Library, take: Import, query: str) -> None:
    said = {"wifi wi fi": "The Wi-Fi is slow.", "followup up": "A follow-up.", "c#": "C# runs.", "twenty": "20 men."}
    said |= {"1000": "She paid 1,000 crowns.", "牛肉面": "我们吃牛肉面。", "other": "C is a letter of one man."}
    take({name: [(0.0, 5.0, text)] for name, text in said.items()})
    found = library.searcher.search(Query(query, arm="keywords"), PUBLIC)
    assert query.casefold().replace("-", "").split()[-1] in found.hits[0].video_id


def test_phrases_and_exclusions_hold_in_every_arm(library: Library, take: Import) -> None:
    take(PETS)
    assert ids(library, "slices bread", phrases=("Slices bread",)) == ["kitchen:1"]
    assert "kitchen:2" not in ids(library, "bread", excluded=("butter",))


def test_a_phrase_of_common_words_is_found_and_sure(library: Library, take: Import) -> None:
    take({"band": [(0.0, 5.0, "The Who played."), (5.0, 9.0, "Who is the man?")], **PETS})
    found = library.searcher.search(Query("the who", phrases=("the who",)), PUBLIC)
    assert [hit.moment_id for hit in found.hits] == ["band:1"]
    assert found.confidence > 0.8
    assert ids(library, "The Who") == ["band:1"]
    assert len(ids(library, "who is it")) > 1


def test_a_search_sees_only_visible_collections(library: Library, take: Import) -> None:
    take(PETS)
    take({"secret": [(0.0, 5.0, "A dog buries the treasure.")]}, "private")
    assert all(not name.startswith("secret") for name in ids(library, "dog treasure"))
    wanted = Query("dog treasure", filter=Filter(collections=frozenset({"private"})))
    assert library.searcher.search(wanted, PUBLIC).hits == ()
    with pytest.raises(NotInLibrary):
        library.searcher.search(Query(like="secret:1"), PUBLIC)


def test_a_word_is_mended_by_the_texts_of_the_collections_that_are_searched_alone(
    library: Library, take: Import
) -> None:
    take(PETS)
    take({"secret": [(0.0, 5.0, "The astronaut waters a cactus.")]}, "private")
    both = PUBLIC | {"private"}
    assert dict(library.searcher.search(Query("astronautt"), both).mended) == {"astronautt": "astronaut"}
    narrowed = Query("astronautt", filter=Filter(collections=PUBLIC))
    assert dict(library.searcher.search(narrowed, both).mended) == {}


def test_what_is_hidden_changes_no_score_of_words_and_no_confidence(library: Library, take: Import) -> None:
    take(PETS)
    queries = ["cat sofa", "bread butter", "a talking dog", "parrot"]
    found = [library.searcher.search(Query(query), PUBLIC) for query in queries]
    take({f"hidden{n}": [(0.0, 5.0, f"A cat, a sofa and {n} parrots")] for n in range(40)}, "private")
    again = [library.searcher.search(Query(query), PUBLIC) for query in queries]
    assert [result.confidence for result in again] == [result.confidence for result in found]
    scores = [
        [[(hit.moment_id, hit.arms.get("keywords"), hit.score) for hit in r.hits] for r in of] for of in (found, again)
    ]
    assert scores[0] == scores[1]


def test_words_of_a_video_are_counted_in_each_of_its_collections(library: Library, take: Import) -> None:
    def counted(*visible: str) -> int:
        return frequencies(library.catalogue.database, ["bread"], frozenset(visible)).get("bread", 0)

    take(PETS)
    take(PETS, "private")
    take(PETS, "private")
    assert (counted("public"), counted("private"), counted("other"), counted("public", "private")) == (2, 2, 0, 4)
    library.remove("kitchen", PUBLIC)
    assert (counted("public"), counted("private")) == (0, 2)
    take({"kitchen": [(0.0, 8.0, "A woman slices ham.")]}, "private")
    assert counted("private") == 0


def test_more_like_a_moment_leaves_the_moment_out(library: Library, take: Import) -> None:
    take(PETS)
    found = library.searcher.search(Query(like="kitchen:1"), PUBLIC)
    assert found.hits[0].moment.moment_id == "kitchen:2"
    assert "kitchen:1" not in [hit.moment.moment_id for hit in found.hits]


def test_nothing_that_was_asked_for_is_said_so(library: Library, take: Import) -> None:
    take(PETS)
    found = library.searcher.search(Query("submarine volcano eruption"), PUBLIC)
    assert not matches(found)
    assert found.confidence < 0.5


def test_a_rare_word_that_was_spoken_outranks_what_merely_sounds_alike(library: Library, take: Import) -> None:
    crowd = {f"v{i}": [(0.0, 5.0, f"The agent mentions code number {i} and a meeting.")] for i in range(40)}
    take(crowd)
    assert ids(library, "where does the agent mention the meeting about 17")[0] == "v17:1"


@pytest.mark.parametrize(
    "query",
    [Query(), Query("   "), Query("?!"), Query(excluded=("dog",)), Query("dog", like="pets:1")],
    ids=["nothing", "blanks", "punctuation", "exclusion alone", "two things"],
)
def test_a_query_must_ask_for_one_thing(library: Library, take: Import, query: Query) -> None:
    take(PETS)
    with pytest.raises(InvalidQuery):
        library.searcher.search(query, PUBLIC)


def test_a_number_of_hits_below_one_is_refused(library: Library) -> None:
    with pytest.raises(InvalidQuery, match="1 or more"):
        library.searcher.search(Query("dog"), PUBLIC, 0)


def test_an_empty_library_finds_nothing(library: Library) -> None:
    found = library.searcher.search(Query("dog"), frozenset())
    assert (found.hits, found.confidence) == ((), 0.0)


def test_without_clip_weights_the_frames_arm_is_off_and_named(library: Library, take: Import) -> None:
    take(PETS)
    assert "VDIALOG_CLIP_WEIGHTS" in library.searcher.search(Query("dog"), PUBLIC).arms_off["frames"]
    with pytest.raises(MissingModel, match="searching by picture is off"):
        library.searcher.search(Query(image=Image.new("RGB", (8, 8))), PUBLIC)
    with pytest.raises(MissingModel, match="frames arm is off"):
        library.searcher.search(Query("dog", arm="frames"), PUBLIC)


class OnlyColours(HashingImageEncoder):
    """Was taught the names of colours alone, and keeps what it is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def taught(self, word: str) -> bool:
        return word in self.COLOURS

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        return super().encode_texts(texts)


@contextmanager
def shown(
    tmp_path: Path,
    texts: Sequence[tuple[TimedText, ...]] = ((), (), ()),
    pictured: Callable[[], HashingImageEncoder] = HashingImageEncoder,
) -> Iterator[MomentSearcher]:
    """Search three moments: red, then blue and red, then green."""
    catalogue = Catalogue(tmp_path / "home")
    generations = Generations(catalogue)
    encoders = Encoders(HashingTextEncoder, pictured)
    index = MemoryIndex(encoders.spaces)
    publisher = Publisher(
        catalogue, generations, IndexVersions(catalogue, FolderStore(catalogue.home, lambda _, spaces: index)), encoders
    )
    frames = []
    for time, colour in [(1.0, "red"), (6.0, "blue"), (8.0, "red"), (12.0, "lime")]:
        path = catalogue.frames_folder(1) / f"{time:05.1f}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (16, 16), colour).save(path)
        frames.append(Keyframe(time, path))
    spans = [TimeSpan(0, 5), TimeSpan(5, 10), TimeSpan(10, 15)]
    reserved = generations.reserve("shapes", "hash", "public")
    assert reserved == Reserved("public/shapes", 1)
    where = Entry("public", "Shapes", None)
    moments = tuple(zip(spans, texts, strict=True))
    publisher.publish([Draft(reserved, "hash", "in", 15.0, "complete", "", where, moments, (), tuple(frames))])
    yield MomentSearcher(catalogue, lambda: index, encoders)
    generations.close()
    catalogue.close()


def test_words_that_the_picture_model_was_never_taught_do_not_vote(tmp_path: Path) -> None:
    encoder = OnlyColours()
    with shown(tmp_path, pictured=lambda: encoder) as searcher:
        encoder.asked.clear()
        assert searcher.search(Query("a green trombone"), PUBLIC).hits[0].moment.moment_id == "shapes:3"
        assert searcher.search(Query("a trombone"), PUBLIC).hits == ()
    assert encoder.asked == ["green"]


@pytest.fixture
def pictures(tmp_path: Path) -> Iterator[MomentSearcher]:
    """The three moments without text."""
    with shown(tmp_path) as searcher:
        yield searcher


@pytest.mark.parametrize(("source", "first"), [("caption", "shapes:3"), ("vision", "shapes:2")])
def test_what_a_vision_model_says_counts_less_than_the_frames(tmp_path: Path, source: TextSource, first: str) -> None:
    said = [(TimedText(TimeSpan(5.0 * n, 5.0 * n + 5), f"something {n} grey", source),) for n in range(2)]
    wrong = (TimedText(TimeSpan(10, 15), "something blue", source),)
    with shown(tmp_path, [*said, wrong]) as searcher:
        assert searcher.search(Query("something blue"), PUBLIC).hits[0].moment.moment_id == first


def test_a_text_finds_moments_by_their_frames(pictures: MomentSearcher) -> None:
    found = pictures.search(Query("something blue"), PUBLIC)
    assert found.hits[0].moment.moment_id == "shapes:2"
    assert found.arms_off == {}


def test_a_picture_finds_the_moment_and_its_best_frame(pictures: MomentSearcher) -> None:
    hits = pictures.search(Query(image=Image.new("RGB", (64, 64), "red")), PUBLIC).hits
    assert {hits[0].moment.moment_id, hits[1].moment.moment_id} == {"shapes:1", "shapes:2"}
    second = next(hit for hit in hits if hit.moment.moment_id == "shapes:2")
    assert second.moment.keyframes[0].time == 8.0


def test_more_like_a_moment_works_by_its_frames(pictures: MomentSearcher) -> None:
    assert pictures.search(Query(like="shapes:1"), PUBLIC).hits[0].moment.moment_id == "shapes:2"
