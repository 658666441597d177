"""The app: one connection to Slack, its listeners, its workers."""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import AssistantError, ConfigurationError
from bot.slack import refusals, state
from bot.slack.adding import EVERY, Adding
from bot.slack.answers import AnswerPosts
from bot.slack.calls import Retrying, SlackRefused, client
from bot.slack.commands import Commands
from bot.slack.deeds import Deeds
from bot.slack.doing import OUTAGE_PAUSE, Doer
from bot.slack.dropped import DroppedVideos
from bot.slack.files import Files
from bot.slack.hearing import Hearing
from bot.slack.inbox import LEASE, Inbox, Limits, Put
from bot.slack.jobs import SlackJob
from bot.slack.listeners import Identity, Listeners
from bot.slack.manifest import lacking
from bot.slack.mrkdwn import Links
from bot.slack.notices import suggested
from bot.slack.openers import openers
from bot.slack.outbox import Outbox
from bot.slack.places import Places
from bot.slack.posts import Post
from bot.slack.scopes import Scopes
from bot.slack.served import Served
from bot.slack.threads import Threads
from bot.slack.watch import DEAF_SECONDS, Watchdog
from bot.slack.work import Workers
from bot.slack_settings import SlackSettings
from retrieval.errors import LibraryError

if TYPE_CHECKING:
    from slack_bolt import App

    from bot.slack.connection import SocketConnection

log = logging.getLogger(__name__)

GRACE = 20.0
"""Seconds that what is worked on has to end when the app is stopped."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """The two tokens of the app; they are shown nowhere.

    Raises:
        ConfigurationError: one is missing, or is one of another kind.
    """

    bot: str
    app: str

    def __post_init__(self) -> None:
        for token, name, begins in ((self.bot, "BOT", "xoxb-"), (self.app, "APP", "xapp-")):
            if not token.startswith(begins):
                said = "is no token of that kind" if token else "is not set"
                raise ConfigurationError(
                    f"VDIALOG_SLACK_{name}_TOKEN {said}: it begins with {begins}",
                    "docs/slack.md tells where Slack shows it.",
                )

    def __repr__(self) -> str:
        return "Tokens(***)"


@dataclass(frozen=True, slots=True)
class Times:
    """How long things take, in seconds.

    Attributes:
        deaf: without a sign of Slack, until the app connects anew.
        outage_pause: until a question is tried again that waits for what is out of order.
        lease: that what is worked on lasts without a sign of its process.
        pace: of Slack's clock in one of ours, for what Slack asks to wait.
        progress: from one sign to the next of how far an ingest is.
    """

    deaf: float = DEAF_SECONDS
    outage_pause: float = OUTAGE_PAUSE
    lease: float = LEASE
    pace: float = 1.0
    progress: float = EVERY


USUAL = Times()


class SlackApp:
    """The app of one process. Several may run on one home.

    Args:
        settings: of Slack.
        tokens: of the app.
        served: what it answers from.
        times: how long things take.

    Raises:
        ConfigurationError: a token is missing, or Slack does not know it.
        SlackUnreachable: Slack does not answer.
    """

    def __init__(self, settings: SlackSettings, tokens: Tokens, served: Served, times: Times = Times()) -> None:
        self._tokens, self._times = tokens, times
        self._ending, self._is_over = threading.Event(), threading.Event()
        calls = Retrying(lambda seconds: self._is_over.wait(seconds / times.pace))
        self._client = client(self._tokens.bot, settings.slack_url)
        try:
            self._known = known = calls(self._client.auth_test)
        except SlackRefused as error:
            raise ConfigurationError(
                f"Slack does not take VDIALOG_SLACK_BOT_TOKEN: {error.error}",
                "docs/slack.md tells where Slack shows it.",
            ) from error
        self.missing_scopes = lacking(known)
        heard = Identity(str(known["team_id"]), str(known["user_id"]), (str(known.get("user") or ""),))
        self._served = served
        self._database = state.opened(served.home)
        self._build(settings, served, calls, heard)
        self.went_out: SlackRefused | None = None
        self._connection: SocketConnection | None = None
        self._watch: Watchdog | None = None

    def _build(self, settings: SlackSettings, served: Served, calls: Retrying, heard: Identity) -> None:
        database, slack = self._database, self._client
        limits = Limits(settings.slack_waiting, settings.slack_waiting_of_one, settings.slack_waiting_of_channel)
        self._inbox = Inbox(database, limits, lease=self._times.lease)
        self._outbox = Outbox(database, slack, calls)
        self._places = Places(database, slack, calls, heard.workspace)
        threads = Threads(database, settings.slack_follow_threads, settings.slack_idle_hours * 3600.0)
        files, scopes, admins = Files(database, slack, calls), Scopes(database), settings.slack_admin_ids
        dropped = DroppedVideos(served.home, slack, calls, settings.slack_largest_video_mb * 10**6)
        doer = Doer(
            served,
            self._inbox,
            self._outbox,
            self._places,
            threads,
            slack,
            heard.bot,
            AnswerPosts(served, Links(settings.link), files),
            Hearing(served, slack, calls, self._places, files, self._inbox, heard.bot, heard.names),
            Deeds(served, self._inbox, self._outbox, files, scopes, slack, admins),
            Adding(served, self._inbox, self._outbox, dropped, self._places, admins, self._times.progress),
            scopes,
            settings.slack_keep_days,
            self._times.outage_pause,
        )
        self._workers = Workers(self._inbox, doer, settings.slack_workers, self._out)
        self._later = ThreadPoolExecutor(max_workers=1, thread_name_prefix="slack-later")
        self._bolt = self._listening(
            Listeners(
                heard,
                self._inbox,
                threads,
                self._places,
                Commands(admins),
                self._whisper,
                self._refuse,
                self._greet,
                self._removed,
            )
        )

    def start(self) -> None:
        """Connect, and begin to answer."""
        from bot.slack.connection import SocketConnection

        self._connection = SocketConnection(self._bolt, self._tokens.app)
        self._watch = Watchdog(self._connection.client, self._out, self._times.deaf)
        try:
            self._outbox.calls.until(self._connection.client.connect, "apps.connections.open")
        except SlackRefused as error:
            raise ConfigurationError(
                f"Slack does not take VDIALOG_SLACK_APP_TOKEN: {error.error}",
                "docs/slack.md tells where Slack shows it.",
            ) from error
        self._watch.start()
        self._workers.start()

    def wait(self, seconds: float | None = None) -> None:
        """Wait until the app is to be stopped, or for so many seconds."""
        self._ending.wait(seconds)

    @property
    def is_ending(self) -> bool:
        """Whether the app is to be stopped."""
        return self._ending.is_set()

    def end(self) -> None:
        """Let `wait` return."""
        self._ending.set()

    def stop(self) -> None:
        """Take nothing more from Slack, let what is worked on end, and close."""
        if self._watch is not None:
            self._watch.stop()
        if self._connection is not None:
            self._connection.end()
            self._workers.stop(GRACE)
        self._is_over.set()
        self._later.shutdown(cancel_futures=True)
        self._database.close()

    def _listening(self, listeners: Listeners) -> "App":
        from slack_bolt import App
        from slack_bolt.authorization import AuthorizeResult

        known, token = self._known, self._tokens.bot

        def authorize() -> AuthorizeResult:
            """Return what the app is, as Slack told at the beginning: no event waits for another call."""
            return AuthorizeResult.from_auth_test_response(bot_token=token, auth_test_response=known)

        app = App(client=client("", self._client.base_url), authorize=authorize, process_before_response=True)
        listeners.register(app)
        return app

    def _out(self, error: SlackRefused) -> None:
        """End: Slack takes nothing from the app any more."""
        self.went_out = error
        self._removed()

    def _removed(self) -> None:
        """End, and forget what waits: the app is not in the workspace any more."""
        self._inbox.drop_all()
        self._ending.set()

    def _refuse(self, job: SlackJob, became: Put) -> None:
        self._whisper(job, refusals.not_taken(job.words, became))

    def _whisper(self, job: SlackJob, told: Post) -> None:
        def tell() -> None:
            try:
                self._outbox.whisper(job.channel, job.thread, job.person, told, job.reply_to)
            except AssistantError as error:
                log.info("something could not be told to a person: %s", error.message)

        self._later.submit(tell)

    def _greet(self, channel: str, person: str) -> None:
        """Show what can be asked, in a direct message."""

        def show() -> None:
            try:
                self._suggest(channel, person)
            except (AssistantError, LibraryError) as error:
                log.info("what can be asked could not be shown: %s", error.message)

        self._later.submit(show)

    def _suggest(self, channel: str, person: str) -> None:
        job = SlackJob("", "ask", "", self._places.workspace, channel, "", "", person, "", "")
        visible = self._served.at(self._places.asker(job)).visible
        prompts = suggested(openers(self._served.shelf.videos(visible)))
        if prompts:
            show = self._client.assistant_threads_setSuggestedPrompts
            self._outbox.calls(show, channel_id=channel, title="Ask about your videos", prompts=prompts)
