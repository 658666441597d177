"""The app in Slack over an opened home."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.bootstrap import assistant, stored_conversations
from bot.bootstrap.opened import Assistant
from bot.rights import owner_sees
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.slack.app import SlackApp
    from bot.slack.served import Note, Served
    from retrieval.ingest.progress import OnProgress
    from retrieval.ingest.reports import FileReport


@contextmanager
def slack_app(settings: Settings, note: Note) -> Iterator[SlackApp]:
    """Open the app, not yet connected; it is stopped at the end.

    Args:
        settings: of everything.
        note: notes an error in the log and returns its reference.

    Raises:
        ConfigurationError: a token is missing, or Slack does not know it.
        SlackUnreachable: Slack does not answer.
    """
    from bot.slack.app import SlackApp, Tokens

    tokens = Tokens(settings.slack_bot_token.get_secret_value(), settings.slack_app_token.get_secret_value())
    with assistant(settings) as opened:
        app = SlackApp(settings, tokens, served(settings, opened, note))
        try:
            yield app
        finally:
            app.stop()


def served(settings: Settings, opened: Assistant, note: Note) -> Served:
    """Return what the app gets of an opened home."""
    from bot.slack.served import Served
    from retrieval.analysis import terms
    from retrieval.catalogue.vocabulary import frequencies

    shelf, searcher = opened.library.catalogue, opened.library.searcher

    def known(stems: Iterable[str], visible: frozenset[str]) -> Collection[str]:
        wanted = frozenset(stems)
        titled = {stem for video in shelf.videos(visible) for stem in terms(video.title)}
        return {*frequencies(shelf.database, wanted, visible), *wanted & titled}

    def forget(before: datetime) -> None:
        with stored_conversations(settings) as store:
            store.expire(before)

    def take_in(paths: Sequence[Path], collection: str, on_progress: OnProgress) -> Sequence[FileReport]:
        return opened.library.ingest(paths, collection, on_progress=on_progress, visible=owner_sees(shelf))

    return Served(
        settings.home,
        opened.manager,
        opened.at,
        shelf,
        searcher,
        opened.limits,
        known,
        note,
        forget,
        take_in,
        settings.collection,
    )
