"""Which videos there are."""

from bot.dialogue.acts.base import Act, Context, Material, Reply
from bot.dialogue.acts.quoting import title_of
from bot.dialogue.composing.templates import MOST_LISTED, Listed, list_of_videos
from bot.dialogue.verdict import TOLD
from retrieval.types import timecode


def reply(context: Context, _: Material) -> Reply:
    """List the videos."""
    listed = [Listed(title_of(video), video.video_id, timecode(video.duration)) for video in context.videos]
    offered = tuple(video.video_id for video in context.videos[:MOST_LISTED])
    return Reply(TOLD, [list_of_videos(listed)], listed=offered)


LIST_VIDEOS = Act(name="list_videos", reply=reply, help="", known=True)
