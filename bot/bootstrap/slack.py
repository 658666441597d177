"""The app in Slack over an opened home."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.bootstrap import assistant, catalogue, stored_conversations
from bot.bootstrap.opened import Assistant
from bot.bootstrap.planning import choice
from bot.rights import owner_sees
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.slack.app import SlackApp
    from bot.slack.served import Note, Served
    from bot.slack.uploads import Upload
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
        settings.agent or choice(settings).model is not None,
    )


def uploads_left(settings: Settings) -> list[Upload]:
    """Return what was uploaded to Slack of videos that are not in the library any more, under their key of then."""
    from bot.slack import state
    from bot.slack.uploads import Uploads

    if not (settings.home / state.NAME).is_file():
        return []
    with catalogue(settings) as shelf, closing(state.opened(settings.home)) as database:
        return Uploads(database).left({video.key for video in shelf.videos(owner_sees(shelf))})


def delete_uploads(settings: Settings, uploads: Iterable[Upload]) -> Iterator[tuple[Upload, str]]:
    """Delete files in Slack, and yield each with why Slack does not delete it, "" where it is gone.

    Raises:
        ConfigurationError: there is no token.
        SlackRefused: Slack takes nothing from the app.
        SlackUnreachable: Slack does not answer.
    """
    from bot.slack import state
    from bot.slack.app import Tokens
    from bot.slack.calls import Retrying, SlackRefused, client
    from bot.slack.uploads import Uploads

    tokens = Tokens(settings.slack_bot_token.get_secret_value(), settings.slack_app_token.get_secret_value())
    slack, calls = client(tokens.bot, settings.slack_url), Retrying()
    with closing(state.opened(settings.home)) as database:
        for one in uploads:
            try:
                Uploads(database).delete(one.file, slack, calls)
            except SlackRefused as error:
                if error.is_out:
                    raise
                yield one, error.error
            else:
                yield one, ""
