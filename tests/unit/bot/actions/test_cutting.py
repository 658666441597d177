import pytest

from bot.actions.cutting import file_name, file_of, file_span
from bot.dialogue.messages import Citation
from bot.errors import UsageError
from bot.tools.memory import VISIBLE, MemoryLibrary, video_of
from retrieval.errors import InvalidSpan, NotInLibrary
from retrieval.types import TimeSpan

SPOKEN = [(0.0, 5.0, "A dog."), (5.0, 9.0, "A cat.")]


@pytest.fixture
def shelf() -> MemoryLibrary:
    return MemoryLibrary((video_of("park"), SPOKEN), (video_of("vault", collection="private"), SPOKEN))


@pytest.mark.parametrize(
    ("what", "refusal"),
    [
        ("park:3", NotInLibrary),
        ("vault:1", NotInLibrary),
        ("vault@0-4", NotInLibrary),
        ("park@4", UsageError),
        ("park@4-soon", UsageError),
        ("park@4-2", InvalidSpan),
        ("park:1", UsageError),  # its file is not there
    ],
)
def test_what_cannot_be_cut_is_refused(shelf: MemoryLibrary, what: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        file_span(what, shelf, VISIBLE)


@pytest.mark.parametrize("times", ["-1-1", "4-", "-", "", "4"])
def test_a_span_with_one_time_alone_is_named_as_it_was_typed(shelf: MemoryLibrary, times: str) -> None:
    with pytest.raises(UsageError, match=f"^'{times}' is not a span$"):
        file_span(f"park@{times}", shelf, VISIBLE)


def test_a_video_whose_file_is_gone_is_named_with_its_path() -> None:
    with pytest.raises(UsageError, match="is gone: '/films/park.mp4'"):
        file_of(video_of("park"))


def test_a_clip_has_a_name_whatever_its_video_is_called() -> None:
    citation = Citation(1, "x", "../$(rm) \N{DOG}", "x", TimeSpan(0.4, 9.6))
    assert file_name(citation) == "rm-00.00.00-00.00.10.mp4"
