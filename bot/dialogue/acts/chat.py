"""Small talk: a greeting, thanks, a goodbye, a remark, or the question what can be asked."""

import prompts
from bot.dialogue.acts.base import Act, Context, Material, Reply
from bot.dialogue.composing.templates import Sentence
from bot.dialogue.verdict import TOLD


def reply(context: Context, _: Material) -> Reply:
    """Say what is said to such."""
    return Reply(TOLD, [Sentence(prompts.render(context.plan.chat or "help"))])


CHAT = Act(name="chat", reply=reply, known=True)
