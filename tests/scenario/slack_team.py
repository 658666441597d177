"""A team that talks in a local Slack, and the app that answers there from a small library: all of it real."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bot import bootstrap
from bot.bootstrap.slack import served
from bot.rights import Place, Principal, Rights
from bot.settings import Settings
from bot.slack.app import USUAL, SlackApp, Times, Tokens
from bot.slack.manifest import EVENTS, SCOPES
from bot.slack.served import Responding
from tests.slack_server.server import SlackServer
from tests.slack_server.workspace import APP_TOKEN, BOT_TOKEN, TEAM

Message = dict[str, Any]

SECRET = {
    "vault": {"duration": 20, "timestamps": [[0, 20]], "sentences": ["A guard counts the gold bars in the vault."]},
}


@dataclass
class Team:
    """The local Slack, and what of it a test looks at.

    Attributes:
        slack: the server.
        settings: of the app.
        noted: codes of the errors that the app noted.
    """

    slack: SlackServer
    settings: Settings
    noted: list[str] = field(default_factory=list)

    def grant(self, collection: str, to: Place | Principal, external: bool = False) -> None:
        with bootstrap.catalogue(self.settings) as catalogue:
            Rights(catalogue).add(collection, to, external)

    def take_back(self, collection: str, to: Place | Principal) -> None:
        with bootstrap.catalogue(self.settings) as catalogue:
            Rights(catalogue).remove(collection, to)

    def note(self, code: str, error: BaseException | None) -> str:
        self.noted.append(f"{code} {error!r}")
        return "0badcafe"

    @contextmanager
    def running(self, dialogue: Responding | None = None, times: Times = USUAL, **changed: Any) -> Iterator[SlackApp]:
        """Let one process of the app answer, within this one; by a dialogue of the test's own, where it gives one.

        `changed` are other parts of what the app answers from.
        """
        with bootstrap.assistant(self.settings) as opened:
            given = replace(served(self.settings, opened, self.note), **changed)
            if dialogue is not None:
                given = replace(given, dialogue=dialogue)
            app = SlackApp(self.settings, Tokens(BOT_TOKEN, APP_TOKEN), given, times)
            try:
                app.start()
                yield app
            finally:
                app.stop()

    def answers(self, channel: str, thread: str, count: int = 1, seconds: float = 20.0) -> list[Message]:
        """Wait for so many finished messages in a thread, and return all."""

        def there() -> list[Message]:
            found = [one for one in self.slack.posted(channel, thread) if one.get("metadata")]
            return found if len(found) >= count else []

        found: list[Message] = self.slack.wait_for(there, seconds)
        return found

    def told(self, channel: str, user: str, count: int = 1, seconds: float = 20.0) -> list[Message]:
        """Wait for so many messages that one person alone sees, and return all."""

        def there() -> list[Message]:
            found = self.slack.hidden(channel, user)
            return found if len(found) >= count else []

        found: list[Message] = self.slack.wait_for(there, seconds)
        return found


CHANNEL = Place("channel", TEAM, "C1")


def member(user: str) -> Principal:
    return Principal("member", TEAM, user)


def text_of(message: Message) -> str:
    """Return everything that a message shows, and its fallback."""
    return f"{message.get('text', '')}\n{json.dumps(message.get('blocks', []), ensure_ascii=False)}"


@contextmanager
def team(home: Path, captions: dict[str, Any], **settings: Any) -> Iterator[Team]:
    """Make a library whose collection `library` a team may be granted, and `secret` nobody is, and a local Slack."""
    with SlackServer(scopes=frozenset(SCOPES), subscribed=frozenset(EVENTS)) as slack:
        tokens = {"slack_bot_token": BOT_TOKEN, "slack_app_token": APP_TOKEN, "slack_url": slack.base_url}
        chosen = Settings(home=home, text_model="hashing", **tokens, **settings)
        with bootstrap.library(chosen) as library:
            for collection, videos in (("library", captions), ("secret", SECRET)):
                file = home / f"{collection}.json"
                file.write_text(json.dumps(videos))
                library.import_annotations(file, collection)
                file.unlink()
        yield Team(slack, chosen)
