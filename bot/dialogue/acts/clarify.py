"""What is meant? Asks back for a moment, a video, or what to look for at all."""

import prompts
from bot.dialogue.acts.base import Act, Context, Material, Reply
from bot.dialogue.acts.quoting import title_of
from bot.dialogue.composing.citations import quotable
from bot.dialogue.composing.remembering import MOST_RECALLED
from bot.dialogue.composing.templates import Sentence
from bot.dialogue.plan import Plan
from bot.dialogue.verdict import ASKED_BACK


def reply(context: Context, _: Material) -> Reply:
    """Ask which moment or video is meant, or what to look for."""
    plan, words = context.plan, quotable(context.plan.reference, 60)
    if plan.unclear == "reference":
        named = sorted(context.conversation.shown)[-MOST_RECALLED:]
        said = prompts.render("clarify_reference", reference=words, handles=", ".join(f"[{one}]" for one in named))
        return Reply(ASKED_BACK, [Sentence(said, names=frozenset(named))])
    if plan.unclear == "gone":
        return Reply(ASKED_BACK, [Sentence(prompts.render("clarify_gone", reference=words))])
    if plan.unclear == "video":
        titles = {video.video_id: quotable(title_of(video), 100) for video in context.videos}
        choices = tuple(titles[one] if titles[one] == one else f"{titles[one]} ({one})" for one in plan.choices)
        said = prompts.render("clarify_video", choices=choices)
        return Reply(ASKED_BACK, [Sentence(said)], listed=plan.choices, choices=choices)
    return Reply(ASKED_BACK, [Sentence(prompts.render("clarify_question"))])


def fault(plan: Plan) -> str:
    """Say what is wrong with a plan."""
    if plan.unclear is None:
        return "unclear: clarify says what is unclear"
    return "videos: fewer than two to choose from" if plan.unclear == "video" and len(plan.choices) < 2 else ""


CLARIFY = Act(name="clarify", reply=reply, fault=fault)
