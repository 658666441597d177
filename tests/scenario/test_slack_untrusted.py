"""Planted instructions and tokens, through Slack: no text of others comes alive there, and no token gets out."""

import logging
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import settings as settings_module
from bot.dialogue.events import Answered, Event, Writing
from bot.dialogue.messages import Answer, Citation, Utterance
from bot.slack.app import Times
from retrieval.types import TimeSpan
from tests.scenario.conftest import CAPTIONS
from tests.scenario.slack_scripted import Scripted
from tests.scenario.slack_team import CHANNEL, Team, team, text_of
from tests.scenario.test_untrusted_text import plants
from tests.slack_server.limits import Limits
from tests.slack_server.workspace import APP_TOKEN, BOT_TOKEN

ALIVE = re.compile(r"<[@!#]|<(?:https?|mailto|tel):|\]\(http|(?<![\w/.])https?://(?!files\.)", re.IGNORECASE)
"""What Slack makes a mention, a channel, or a link of."""


class Obedient(Scripted):
    """Says whatever is planted, as its answer, as the title of a video, and as what it saw."""

    def respond(self, utterance: Utterance) -> Iterator[Event]:
        self.asked.append(utterance)
        yield Writing(utterance.text)
        seen = Citation(1, "park:1", "park", utterance.text, TimeSpan(0, 1), None, utterance.text)
        yield Answered(
            Answer(utterance.text, "answered", utterance.conversation_id, "ask", utterance.text, citations=(seen,))
        )


@pytest.fixture
def talking(tmp_path: Path) -> Iterator[Team]:
    with team(tmp_path / "home", CAPTIONS, slack_waiting_of_one=1000, slack_waiting_of_channel=1000) as made:
        made.grant("library", CHANNEL)
        yield made


def strings(value: object) -> Iterator[str]:
    """Yield every text of a payload but addresses that a button opens."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            if name not in ("url", "ts", "thread_ts"):
                yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


def test_nothing_that_is_planted_comes_alive_in_slack(talking: Team) -> None:
    slack, dialogue, texts = talking.slack, Obedient(), [plant.text for plant in plants()]
    slack.limits = Limits(time.time, 10_000, {})
    with talking.running(dialogue, Times(pace=100.0)):
        for number, text in enumerate(texts):
            slack.say("C1", f"U{number % 50}", text, mention=True)
        slack.wait_for(lambda: len(slack.called("chat.postMessage")) >= len(texts), 100)
    calls = [call for call in slack.calls if call.method.startswith(("chat.", "assistant."))]
    alive = [said for call in calls for said in strings(call.args) if ALIVE.search(said)]
    assert len(dialogue.asked) == len(texts) and alive == []
    posts = [call.args for call in calls if call.method == "chat.postMessage"]
    assert all(str(post["unfurl_links"]) in ("0", "False") for post in posts)
    assert all(str(post["unfurl_media"]) in ("0", "False") for post in posts)


class Breaking(Scripted):
    def respond(self, utterance: Utterance) -> Iterator[Event]:
        raise RuntimeError(f"it broke at {utterance.text}")


def test_no_token_gets_into_a_log_a_file_or_an_error(talking: Team, caplog: pytest.LogCaptureFixture) -> None:
    slack = talking.slack
    caplog.set_level(logging.DEBUG)
    slack.fail("users.info", "user_not_found")
    slack.fail("chat.postMessage", status=500)
    with talking.running(Breaking()):
        root = slack.say("C1", "U1", "what happens?", mention=True)
        (told,) = talking.answers("C1", root)
        slack.refresh()
        slack.wait_for(lambda: slack.sockets.opened >= 2 and len(slack.sockets.connections) == 1)
    told_of = [*caplog.messages, text_of(told), repr(talking.settings), str(talking.noted)]
    told_of += [str(one) for one in settings_module.origins(talking.settings)]
    files = [path.read_bytes() for path in talking.settings.home.rglob("*") if path.is_file()]
    assert "0badcafe" in text_of(told) and "it broke" not in text_of(told)
    for token in (BOT_TOKEN, APP_TOKEN):
        assert not any(token in said for said in told_of)
        assert not any(token.encode() in content for content in files)
