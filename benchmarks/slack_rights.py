"""Who is told what in Slack: random workspaces, grants, channels, questions and memories against a brute-force oracle.

Each question goes the way that it goes in the app, from the inbox to the posts; in the place of Slack there is a desk
that takes them. Counts marks of hidden collections in anything that is posted. `--cases` questions in all; exits with 1
where there is any such mark.
"""

import argparse
import json
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.visibility import Trial
from benchmarks.visible_world import Told, around, marks_in
from bot.slack import state
from bot.slack.adding import Adding
from bot.slack.answers import AnswerPosts
from bot.slack.calls import Retrying
from bot.slack.deeds import Deeds
from bot.slack.doing import Doer
from bot.slack.dropped import DroppedVideos
from bot.slack.files import Files
from bot.slack.hearing import Hearing
from bot.slack.inbox import Inbox
from bot.slack.jobs import JobKind, SlackJob
from bot.slack.mrkdwn import Links
from bot.slack.outbox import Outbox
from bot.slack.places import Places
from bot.slack.scopes import Scopes
from bot.slack.served import Served
from bot.slack.threads import Threads
from retrieval.catalogue.vocabulary import frequencies
from retrieval.ingest.confined import DecodeLimits

CASES_A_WORLD = 250
PEOPLE = {"ann": ("T1", False), "bob": ("T1", False), "gus": ("T1", True), "eve": ("T2", False)}
"""Each with their workspace, and whether they are a guest."""

CHANNELS = ("C1", "C2")
KINDS: tuple[JobKind, ...] = ("ask", "ask", "ask", "ask", "ask", "more", "only", "why")


@dataclass
class Desk:
    """Stands for Slack: it knows who is where, and takes whatever is posted."""

    base_url: str = "https://slack.com/api/"
    timeout: int = 1
    token: str = ""
    members: dict[str, set[str]] = field(default_factory=lambda: {channel: {"ann", "bob"} for channel in CHANNELS})
    sent: list[Any] = field(default_factory=list)

    def __getattr__(self, method: str) -> Any:
        def called(**given: Any) -> dict[str, Any]:
            return self._answer(method, given)

        called.__name__ = method
        return called

    def _answer(self, method: str, given: dict[str, Any]) -> dict[str, Any]:
        match method:
            case "conversations_info":
                return {"channel": {"id": given["channel"]}}
            case "conversations_members":
                return {"members": sorted(self.members[given["channel"]])}
            case "users_info":
                team, is_guest = PEOPLE[given["user"]]
                return {"user": {"id": given["user"], "team_id": team, "is_restricted": is_guest, "name": "x"}}
            case "conversations_replies":
                return {"messages": []}
            case _:
                self.sent.append(given)
                return {"ok": True, "ts": f"9{len(self.sent)}.0"}


class SlackTrial(Trial):
    """One world, and what is asked of it in Slack."""

    def __init__(self, folder: Path, seed: int) -> None:
        super().__init__(folder, seed)
        self.desk, self.number = Desk(), 0
        self.database = state.opened(folder / "home")
        desk: Any = self.desk
        calls, catalogue = Retrying(lambda _: None), self.world.library.catalogue
        self.inbox, outbox = Inbox(self.database, settled=0.0), Outbox(self.database, desk, calls)
        places, files, scopes = (
            Places(self.database, desk, calls, "T1"),
            Files(self.database, desk, calls),
            Scopes(self.database),
        )
        served = Served(
            folder,
            self.manager,
            lambda asker: self.owner.__class__(asker, self.owner.rights, self.store, self.owner.naming),
            catalogue,
            self.world.library.searcher,
            DecodeLimits(),
            lambda stems, visible: frequencies(catalogue.database, stems, visible),
            lambda code, error: self.wrong.append(f"{code}: {error!r}") or "",
            lambda _: None,
            lambda paths, collection, on_progress: (),
            "library",
        )
        self.places = places
        self.doer = Doer(
            served,
            self.inbox,
            outbox,
            places,
            Threads(self.database),
            desk,
            "U0",
            AnswerPosts(served, Links(), files),
            Hearing(served, desk, calls, places, files, self.inbox, "U0", ()),
            Deeds(served, self.inbox, outbox, files, scopes, desk, frozenset()),
            Adding(served, self.inbox, outbox, DroppedVideos(folder, desk, calls, 1), places, frozenset()),
            scopes,
            1.0,
        )

    def step(self) -> None:
        """Let somebody ask something somewhere, and hold what is posted against the plain rule."""
        world, chance = self.world, self.chance
        if chance.random() < 0.08:
            world.grant()
        if chance.random() < 0.015:
            world.change()
        if chance.random() < 0.1:
            self.desk.members[chance.choice(CHANNELS)] ^= {chance.choice(("gus", "eve"))}
        job = self._job()
        self.did[job.kind] += 1
        seen, whose = self._seen(job), self._whose(job)
        self.desk.sent.clear()
        if self.inbox.put(job) != "taken" or (lease := self.inbox.take()) is None:
            self.wrong.append(f"{job} was not taken")
            return
        try:
            self.doer.do(lease, threading.Event())
        except Exception as error:  # whatever it is, nothing that is asked may end like this
            self.wrong.append(f"{job.kind} {job.words!r}: {type(error).__name__}: {error}")
        self.inbox.end(lease)
        out = json.dumps(self.desk.sent, ensure_ascii=False)
        turns = world.talks.setdefault(whose, _talk()).turns
        told = frozenset[str]().union(*(turn.marks for turn in turns if turn.visible <= seen))
        may = {mark for mark, of in world.marks.items() if of in seen} | marks_in(job.words) | told
        self.did["told something"] += bool(marks_in(out) - marks_in(job.words))
        for mark in sorted(marks_in(out) - may):
            self.wrong.append(f"{job.kind} {job.words!r}: {mark} of {world.marks.get(mark)}: {around(out, mark)}")
        turns.append(Told(seen, marks_in(job.words)))

    def _job(self) -> SlackJob:
        self.number += 1
        chance, person = self.chance, self.chance.choice(sorted(PEOPLE))
        private = chance.random() < 0.3
        channel = f"D{person}" if not private and chance.random() < 0.2 else chance.choice(CHANNELS)
        if channel in CHANNELS and person in ("gus", "eve") and not private:
            self.desk.members[channel].add(person)
        root = chance.choice(("17.5", "18.5")) if channel in CHANNELS else "19.5"
        conversation = channel if private else root
        kind = chance.choice(KINDS)
        return SlackJob(
            f"e{self.number}",
            kind,
            f"{person if private else ''}/{channel}/{conversation}",
            "T1",
            channel,
            "" if private else root,
            f"{1000 + self.number}.0",
            person,
            PEOPLE[person][0],
            conversation,
            words=self.words() if kind == "ask" else "",
            handle=None if kind == "ask" else chance.randint(1, 6),
            hidden=private or kind == "why",
            private=private,
        )

    def _seen(self, job: SlackJob) -> frozenset[str]:
        """Return what may be told, by the plain rule."""
        team, is_guest = PEOPLE[job.person]
        is_outside = is_guest or team != "T1"
        if job.private:
            names = {f"direct:T1/{job.person}", f"member:{team}/{job.person}"}
        elif job.channel.startswith("D"):
            names = {f"direct:T1/{job.channel}", f"member:{team}/{job.person}"}
        else:
            names = {f"channel:T1/{job.channel}", f"thread:T1/{job.channel}/{job.conversation}"}
            is_outside = is_outside or bool(self.desk.members[job.channel] & {"gus", "eve"})
        return frozenset(c for c, to, external in self.world.grants if to in names and (external or not is_outside))

    def _whose(self, job: SlackJob) -> tuple[str, ...]:
        is_alone = job.private or job.channel.startswith("D")
        return ("slack", str(job.private), job.channel, job.person if is_alone else "", job.conversation)

    def close(self) -> None:
        """Release everything."""
        self.database.close()
        super().close()


def _talk() -> Any:
    from benchmarks.visible_world import Talk

    return Talk("")


def run(cases: int, seed: int = 0) -> tuple[int, Counter[str], list[str]]:
    """Ask so many questions; return how many, of which kinds, and what was wrong."""
    wrong, did = list[str](), Counter[str]()
    for number in range(-(-cases // CASES_A_WORLD)):
        with tempfile.TemporaryDirectory() as folder, closing(SlackTrial(Path(folder), seed + number)) as trial:
            for _ in range(min(CASES_A_WORLD, cases - number * CASES_A_WORLD)):
                trial.step()
            wrong += trial.wrong
            did += trial.did
    return cases, did, wrong


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=0)
    given, began = parser.parse_args(), time.monotonic()
    total, kinds, wrongs = run(given.cases, given.seed)
    print(f"{total} cases ({dict(kinds)}), {len(wrongs)} wrong, in {time.monotonic() - began:.0f} s")
    for one in wrongs[:20]:
        print(one)
    sys.exit(bool(wrongs))
