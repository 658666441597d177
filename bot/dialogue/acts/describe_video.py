"""What is in a video, or how long it is: told by the texts of its moments, without a search."""

from bot.dialogue.acts.base import Act, Context, Material, Reply
from bot.dialogue.acts.quoting import title_of
from bot.dialogue.composing import templates
from bot.dialogue.plan import Plan
from bot.dialogue.verdict import TOLD, of_telling
from bot.tools.videos import describe_video


def reply(context: Context, _: Material) -> Reply:
    """Describe a video by the texts of its moments, or say no more than how long it is."""
    plan = context.plan
    told = describe_video(context.view, plan.videos[0], plan.within)
    video, count = told.video, len(told.moments)
    title = title_of(video)
    if plan.about == "length":
        return Reply(TOLD, [templates.length(title, video.duration, count)], video=video.video_id)
    shown = templates.with_handles(told.pieces, context.conversation)
    sentences = templates.description(title, video.duration, count, shown, told.more)
    return Reply(of_telling(bool(shown)), sentences, shown, video=video.video_id)


def fault(plan: Plan) -> str:
    """Say what is wrong with a plan."""
    return "" if len(plan.videos) == 1 else "videos: one is to be described"


DESCRIBE_VIDEO = Act(name="describe_video", reply=reply, fault=fault, by_tools=True, whole=True)
