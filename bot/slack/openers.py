"""What can be asked of the videos that somebody may see, to begin with. Pure."""

from collections.abc import Sequence

from bot.slack.commands import LIST
from bot.untrusted import inert_line
from retrieval.types import Video

MOST = 3
"""Videos that are named."""


def openers(videos: Sequence[Video]) -> list[str]:
    """Return questions about these videos that have an answer; none where there are no videos."""
    if not videos:
        return []
    return [LIST, *(f"What happens in {inert_line(video.title or video.video_id)}?" for video in videos[-MOST:])]
