"""A planner that does as it is told: for tests of whatever goes by plans."""

from collections.abc import Sequence
from dataclasses import replace

from bot.dialogue.conversation import Conversation
from bot.dialogue.messages import Utterance
from bot.dialogue.plan import Plan, Reading
from bot.dialogue.planner import words_of
from retrieval.types import Video


class ScriptedPlanner:
    """Makes the plans it is given, in turn and the last for ever: for tests of whatever goes by plans."""

    def __init__(self, *plans: Plan) -> None:
        self._plans = list(plans)

    def readings(self, conversation: Conversation, utterance: Utterance, videos: Sequence[Video]) -> list[Reading]:
        """Return the next plan alone, with the words of this utterance."""
        plan = self._plans.pop(0) if len(self._plans) > 1 else self._plans[0]
        return [Reading(replace(plan, words=words_of(utterance)), searched=False)]
