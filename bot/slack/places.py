"""From Slack to the rights: who asks, where the answer goes, and whether guests or people of elsewhere read it there.

What Slack does not tell counts as if they did. Who is in a channel is asked for each answer; what a person is, is kept
for some minutes, and forgotten as soon as Slack says that it changed.
Why: docs/decisions/rights.md.
"""

import json
import logging
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from bot.rights import Asker, Place, Principal
from bot.slack.calls import Retrying, SlackRefused, SlackUnreachable
from bot.slack.jobs import SlackJob
from retrieval.catalogue.database import Database

if TYPE_CHECKING:
    from slack_sdk import WebClient
    from slack_sdk.web import SlackResponse

log = logging.getLogger(__name__)

KNOWN_SECONDS = 600.0
"""How long it is kept what a person is."""

MOST_MEMBERS = 5_000
"""Members of a channel that are looked at; of a larger one it is not known who reads there."""

PAGE = 1_000

ONE_BY_ONE = 20
"""People of a channel who are asked about one by one; where more are not known, all are asked about."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in Slack: their workspace, whether they are a guest or from elsewhere, and what they are called."""

    person: str
    team: str
    is_guest: bool
    is_bot: bool
    names: tuple[str, ...]


class Places:
    """Where answers go, and who reads them there.

    Args:
        database: as `bot.slack.state.opened` returns it.
        client: of the app.
        calls: does the calls.
        workspace: of the app.
        now: tells the time, in seconds since 1970.
    """

    def __init__(
        self,
        database: Database,
        client: "WebClient",
        calls: Retrying,
        workspace: str,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._client = client
        self._calls = calls
        self.workspace = workspace
        self._now = now

    def asker(self, job: SlackJob) -> Asker:
        """Return who asks, and where the answer goes: to all of a channel, or to that person alone."""
        person = self.person(job.person)
        principal = Principal("member", person.team if person else job.team or "unknown", job.person)
        is_outside = person is None or person.is_guest
        if job.private:
            return Asker(Place("direct", self.workspace, job.person, shared=is_outside), principal)
        if job.channel.startswith("D"):
            return Asker(Place("direct", self.workspace, job.channel, shared=is_outside), principal)
        shared = is_outside or self.is_shared(job.channel)
        return Asker(Place("thread", self.workspace, job.channel, job.conversation, shared), principal)

    def is_shared(self, channel: str) -> bool:
        """Tell whether anybody reads in a channel who is a guest or from elsewhere, or whether that is not known."""
        try:
            told = self._calls(self._client.conversations_info, channel=channel).get("channel") or {}
            if any(told.get(sign) for sign in ("is_ext_shared", "is_org_shared", "is_shared", "is_pending_ext_shared")):
                return True
            members = list(islice(self._members(channel), MOST_MEMBERS + 1))
            if not members or len(members) > MOST_MEMBERS:
                return True
            if sum(self._known(member) is None for member in members) > ONE_BY_ONE:
                self._learn_all()
            people = map(self.person, members)
            return any(one is None or one.is_guest or one.team != self.workspace for one in people)
        except (SlackRefused, SlackUnreachable) as error:
            log.info("who reads in a channel is not known: %s", error.message)
            return True

    def person(self, person: str) -> Member | None:
        """Return what is known of somebody; None where Slack does not tell."""
        if (known := self._known(person)) is not None:
            return known
        try:
            told = self._calls(self._client.users_info, user=person).get("user") or {}
        except (SlackRefused, SlackUnreachable) as error:
            log.info("who somebody is is not known: %s", error.message)
            return None
        found = _person(person, told, self.workspace)
        self._keep([found])
        return found

    def forget(self, person: str) -> None:
        """Forget what somebody is: Slack says that it changed."""
        with self._database.writing() as db:
            db.execute("DELETE FROM people WHERE person = ?", (person,))

    def expire(self) -> None:
        """Forget what is too old to be used."""
        with self._database.writing() as db:
            db.execute("DELETE FROM people WHERE at < ?", (self._now() - KNOWN_SECONDS,))

    def _known(self, person: str) -> Member | None:
        """Return what was told of somebody not long ago."""
        oldest = self._now() - KNOWN_SECONDS
        rows = self._database.rows("SELECT known FROM people WHERE person = ? AND at > ?", (person, oldest))
        if not rows:
            return None
        data: dict[str, Any] = json.loads(rows[0]["known"])
        return Member(**{**data, "names": tuple(data["names"])})

    def _keep(self, people: Iterable[Member]) -> None:
        rows = [(one.person, json.dumps(asdict(one)), self._now()) for one in people]
        with self._database.writing() as db:
            db.executemany("INSERT OR REPLACE INTO people VALUES (?, ?, ?)", rows)

    def _learn_all(self) -> None:
        """Ask who everybody is: Slack tells of a thousand at once, and of one by one only a hundred in a minute."""
        for page in self._pages(self._client.users_list):
            self._keep(_person(str(one["id"]), one, self.workspace) for one in page.get("members") or ())

    def _members(self, channel: str) -> Iterator[str]:
        for page in self._pages(self._client.conversations_members, channel=channel):
            yield from page.get("members") or ()

    def _pages(self, method: Callable[..., "SlackResponse"], **given: Any) -> Iterator["SlackResponse"]:
        cursor = None
        while True:
            page = self._calls(method, limit=PAGE, cursor=cursor, **given)
            yield page
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return


def _person(person: str, told: dict[str, Any], workspace: str) -> Member:
    """Read what Slack tells of somebody; who is a guest, or what is not told, is no member."""
    teams = (told.get("enterprise_user") or {}).get("teams") or ()
    team = workspace if workspace in teams else str(told.get("team_id") or "unknown")
    signs = ("is_restricted", "is_ultra_restricted", "is_stranger", "deleted")
    profile = told.get("profile") or {}
    named = (told.get("name"), told.get("real_name"), profile.get("display_name"), profile.get("real_name"))
    names = tuple(dict.fromkeys(str(name) for name in named if name))
    return Member(person, team, not told or any(told.get(sign) for sign in signs), bool(told.get("is_bot")), names)
