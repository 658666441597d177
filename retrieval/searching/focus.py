"""Choosing within a video: which of its moments shows the part that was asked for. Pure.

"The title of the film": every moment of the film is about the film, and the one with the title is meant. The whole
("the film") finds the video, the part ("the title") chooses its moment.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WORDS = 0.2
"""What all words of the part add, when a moment holds them, to the similarity of its sentence."""


@dataclass(frozen=True, slots=True)
class PartOf:
    """What "the X ... of the Y" means by X: its word, and the text without the whole Y."""

    word: str
    text: str


def refocused(
    ranked: Sequence[tuple[str, float]], video_of: Mapping[str, str], part: Mapping[str, float]
) -> list[tuple[str, float]]:
    """Return moments with new scores, best first: within each video they follow their score for the part.

    The best of a video keeps the video's best score, the others fall behind it by what they lack. A moment without
    a score for the part keeps its order behind those that have one.

    Args:
        ranked: moment ids with scores for the whole question, best first.
        video_of: the video of each moment.
        part: each moment's score for the part.
    """
    best: dict[str, float] = {}
    peak: dict[str, float] = {}
    for moment, score in ranked:
        video = video_of[moment]
        best[video] = max(score, best.get(video, score))
        peak[video] = max(part.get(moment, 0.0), peak.get(video, 0.0))
    renewed = [(m, best[video_of[m]] + part.get(m, 0.0) - peak[video_of[m]]) for m, _ in ranked]
    return sorted(renewed, key=lambda item: -item[1])
