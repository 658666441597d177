"""One line says what of some videos can be found, and what not."""

import pytest

from bot.cli.coverage import described
from retrieval.catalogue.findable import Coverage, Findable, coverage

SPOKEN, SHOWN, SILENT = Findable(("subtitles",)), Findable(("subtitles", "screen text"), True), Findable()


@pytest.mark.parametrize(
    ("videos", "unset", "line"),
    [
        (
            [SPOKEN, SHOWN, SILENT],
            ("speech",),
            "3 videos: words of 2 (subtitles), 1 (on the screen); no words in 1; pictures of 1; no pictures of 2 yet"
            " (`vdialog reindex --encode` adds them); no speech: `vdialog setup`",
        ),
        ([SILENT], ("speech", "pictures"), "1 video: no words; no speech, no pictures: `vdialog setup`"),
        ([SHOWN], (), "1 video: words of 1 (subtitles), 1 (on the screen); pictures of 1."),
        ([SPOKEN], ("pictures",), "1 video: words of 1 (subtitles); no pictures: `vdialog setup`"),
    ],
)
def test_the_line_names_what_is_found_and_what_is_not(
    videos: list[Findable], unset: tuple[str, ...], line: str
) -> None:
    assert described(coverage(videos), unset) == line


def test_a_video_with_two_kinds_of_text_counts_in_both() -> None:
    assert coverage([SHOWN, SHOWN]) == Coverage(2, {"subtitles": 2, "screen text": 2}, 0, 2)
