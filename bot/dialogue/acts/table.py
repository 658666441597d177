"""All acts by their names: what plans are dispatched by."""

from collections.abc import Mapping

from bot.dialogue.acts.ask import ASK
from bot.dialogue.acts.base import Act
from bot.dialogue.acts.chat import CHAT
from bot.dialogue.acts.clarify import CLARIFY
from bot.dialogue.acts.compare import COMPARE
from bot.dialogue.acts.count import COUNT
from bot.dialogue.acts.describe_video import DESCRIBE_VIDEO
from bot.dialogue.acts.find import FIND
from bot.dialogue.acts.library import LIBRARY
from bot.dialogue.acts.more_like import MORE_LIKE
from bot.dialogue.acts.summarise import SUMMARISE

Acts = Mapping[str, Act]

ACTS: Acts = {
    act.name: act for act in (FIND, ASK, COUNT, COMPARE, SUMMARISE, DESCRIBE_VIDEO, LIBRARY, CLARIFY, CHAT, MORE_LIKE)
}
