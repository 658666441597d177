"""The Slack app under load: is each question answered once, in order, in its thread, whatever dies meanwhile?

Several processes answer for one local Slack from one home. The dialogue is scripted; a share of the questions goes to
the real one. Inbox, queue, outbox and stores are real. Events come twice and out of order, a process is killed between
a post and its commit, others are stopped and started, and what answers is down for a while. Exits with 1 where a
question is not answered exactly once, in order, in its thread.
"""

import argparse
import json
import multiprocessing
import os
import random
import re
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bot import bootstrap
from bot.bootstrap.slack import served
from bot.dialogue.events import Answered, Event, Failed, Writing
from bot.dialogue.messages import Answer, Utterance
from bot.errors import SERVICE_MISSING, Problem
from bot.rights import Place, Rights
from bot.settings import Settings
from bot.slack.app import SlackApp, Times, Tokens
from bot.slack.served import Responding
from tests.slack_server.server import SlackServer
from tests.slack_server.workspace import APP_TOKEN, BOT_TOKEN, TEAM

CAPTIONS = {"park": {"duration": 20, "timestamps": [[0, 10], [10, 20]], "sentences": ["A man runs.", "A dog sleeps."]}}
OPEN = 400
"""Questions that are open at once; twice as many while what answers is down."""

DOWN = "down"
"""A file in the home that stands for a model that is down."""


@dataclass(frozen=True)
class Mixed:
    """Answers by repeating the question; one that begins with "where" is answered by the real dialogue."""

    real: Responding
    down: Path

    def respond(self, utterance: Utterance) -> Iterator[Event]:
        """Yield an answer."""
        if self.down.exists():
            yield Failed(Problem("vision_unreachable", "it is down", "", SERVICE_MISSING))
        elif utterance.text.startswith("where"):
            yield from self.real.respond(utterance)
        else:
            yield Writing(f"Answer to {utterance.text}.")
            answer = Answer(f"Answer to {utterance.text}.", "told", utterance.conversation_id, "chat", utterance.text)
            yield Answered(answer)

    def more_like(self, handle: int, utterance: Utterance) -> Iterator[Event]:
        """Yield an answer."""
        return self.respond(utterance)


def serve(settings: Settings, pace: float, dies: bool, errors: Any) -> None:
    """Answer in a process of its own, until it is told to end; with `dies`, until it has posted a few times."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    times = Times(outage_pause=30.0 / pace, lease=4.0, pace=pace)
    with bootstrap.assistant(settings) as opened:
        given = served(settings, opened, lambda code, error: errors.put(f"{code} {error!r}") or "")
        app = SlackApp(
            settings,
            Tokens(BOT_TOKEN, APP_TOKEN),
            replace(given, dialogue=Mixed(given.dialogue, settings.home / DOWN)),
            times,
        )
        if dies:
            _die_after_a_post(app)
        signal.signal(signal.SIGTERM, lambda *_: app.end())
        app.start()
        app.wait()
        app.stop()


def _die_after_a_post(app: SlackApp, posts: int = 5) -> None:
    """Let this process be killed when Slack has taken a post and nothing of it was written down."""
    from slack_sdk import WebClient

    send, left = WebClient.chat_postMessage, [posts]

    def sent(self: WebClient, **given: Any) -> Any:
        answer = send(self, **given)
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    WebClient.chat_postMessage = sent  # type: ignore[method-assign,assignment]


@dataclass
class Load:
    """What is asked: conversations with turns, in channels."""

    slack: SlackServer
    conversations: int
    turns: int
    channels: int
    chance: random.Random
    real: float
    rate: float

    def __post_init__(self) -> None:
        self.roots: dict[int, str] = {}
        self.asked: dict[int, list[str]] = {number: [] for number in range(self.conversations)}

    def run(self, turns: range, most_open: int) -> None:
        """Say these turns of all conversations, with at most so many questions open at once."""
        for turn in turns[::2]:
            for number in range(self.conversations):
                swapped = self.chance.random() < 0.05
                said = [self._say(number, place) for place in (turn, turn + 1) if place in turns]
                for bodies in reversed(said) if swapped else said:
                    for body in bodies:
                        for _ in range(1 + (self.chance.random() < 0.2)):
                            self.slack.tell(body)
                            time.sleep(1 / self.rate)
                while self.open() > most_open:
                    time.sleep(0.01)

    def open(self) -> int:
        """Return how many questions are not answered."""
        return sum(map(len, self.asked.values())) - self.answered()

    def answered(self) -> int:
        """Return how many answers there are."""
        with self.slack.workspace.changed:
            return sum(1 for _, post in self.slack.workspace.posts() if _is_answer(post))

    def wait(self, count: int) -> None:
        """Wait until there are so many answers, as long as there are more and more."""
        before, since = -1, time.monotonic()
        while (now := self.answered()) < count and time.monotonic() - since < 60:
            before, since = (now, time.monotonic()) if now != before else (before, since)
            time.sleep(0.05)

    def _say(self, number: int, turn: int) -> list[Any]:
        channel, user = f"C{number % self.channels}", f"U{number % 97}"
        words = f"q{number}.{turn}" if self.chance.random() > self.real else "where does the dog sleep?"
        ts = self.slack.say(channel, user, words, self.roots.get(number), mention=True, told=False)
        self.roots.setdefault(number, ts)
        self.asked[number].append(words)
        return list(self.slack.events_of(channel, ts))

    def wrongs(self) -> list[str]:
        """Return what is wrong with the answers: missing, twice, out of order, in another thread."""
        found = []
        for number, asked in self.asked.items():
            posts = self.slack.posted(f"C{number % self.channels}", self.roots[number])
            told = [_about(post) for post in sorted(posts, key=lambda one: float(one["ts"])) if _is_answer(post)]
            wanted = [words if words.startswith("q") else "" for words in asked]
            if told != wanted:
                found.append(f"conversation {number}: asked {wanted}, answered {told}")
            notices = [post for post in posts if not _is_answer(post)]
            if len(notices) > 1:
                found.append(f"conversation {number}: {len(notices)} notices")
        return found


def _is_answer(post: dict[str, Any]) -> bool:
    return (post.get("metadata") or {}).get("event_payload", {}).get("part") == 0


def _about(post: dict[str, Any]) -> str:
    found = re.search(r"Answer to (q\d+\.\d+)", json.dumps(post["blocks"]))
    return found[1] if found else ""


def _memory(process: multiprocessing.Process) -> int:
    """Return the memory of a process in bytes, 0 where it is gone."""
    try:
        status = Path(f"/proc/{process.pid}/status").read_text()
    except OSError:
        return 0
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) * 1024  # type: ignore[index]


class Processes:
    """The processes that answer; some are stopped or killed meanwhile, and others come for them."""

    def __init__(self, settings: Settings, pace: float, count: int) -> None:
        self.errors: Any = multiprocessing.get_context("spawn").Queue()
        self._given = settings, pace
        self.dying = self._started(dies=True)
        self.running = [self._started() for _ in range(count)]

    def restart(self) -> None:
        """Stop two, and let others come for them; the one that is to be killed has been by then."""
        for place in range(2):
            self.running[place].terminate()
            self.running[place].join(60)
            self.running[place] = self._started()
        self.dying.join(60)

    def stop(self) -> None:
        """End all."""
        for process in self.running:
            process.terminate()
        for process in self.running:
            process.join(60)

    def _started(self, dies: bool = False) -> multiprocessing.Process:
        settings, pace = self._given
        made: Any = multiprocessing.get_context("spawn").Process(
            target=serve, args=(settings, pace, dies, self.errors), daemon=True
        )
        made.start()
        return made  # type: ignore[no-any-return]


def _home(folder: Path, slack: SlackServer, channels: int) -> Settings:
    settings = Settings(
        home=folder,
        text_model="hashing",
        slack_url=slack.base_url,
        slack_waiting=100_000,
        slack_waiting_of_one=100_000,
        slack_waiting_of_channel=100_000,
        slack_workers=8,
    )
    with bootstrap.library(settings) as library:
        (folder / "captions.json").write_text(json.dumps(CAPTIONS))
        library.import_annotations(folder / "captions.json", "library")
        rights = Rights(library.catalogue)
        for number in range(channels):
            rights.add("library", Place("channel", TEAM, f"C{number}"))
    return settings


def measure(conversations: int, turns: int, channels: int, processes: int, seed: int, pace: float, rate: float) -> int:
    """Run the load, print what came of it, and return the number of wrongs."""
    chance, began = random.Random(seed), time.monotonic()
    start = time.time()
    with (
        tempfile.TemporaryDirectory() as folder,
        SlackServer(now=lambda: start + (time.time() - start) * pace, ack_seconds=3.0) as slack,
    ):
        settings = _home(Path(folder), slack, channels)
        answering = Processes(settings, pace, processes)
        load = Load(slack, conversations, turns, channels, chance, real=0.02, rate=rate)
        wanted = conversations * turns
        try:
            slack.wait_for(lambda: len(slack.sockets.connections) == processes + 1, 120)
            half = turns // 4 * 2
            load.run(range(half), OPEN)
            load.wait(conversations * half)
            memory = {process.pid: _memory(process) for process in answering.running}
            (settings.home / DOWN).touch()
            asking = threading.Thread(target=load.run, args=(range(half, turns), 2 * OPEN), daemon=True)
            asking.start()
            time.sleep(600.0 / pace)
            answering.restart()
            (settings.home / DOWN).unlink()
            asking.join(600)
            load.wait(wanted)
            time.sleep(2.0)
            grown = [_memory(process) - memory[process.pid] for process in answering.running if process.pid in memory]
        finally:
            answering.stop()
        told = [one.acknowledged_after for one in slack.sockets.envelopes]
        acknowledged = sorted(seconds for seconds in told if seconds is not None)
        killed = -(answering.dying.exitcode or 0)
        wrongs = load.wrongs() + [answering.errors.get() for _ in range(answering.errors.qsize())]
        refused = Counter(call.answer.get("error") for call in slack.calls if not call.answer.get("ok"))
    print(f"{wanted} questions, {load.answered()} answers, {len(wrongs)} wrong, in {time.monotonic() - began:.0f} s")
    print(
        f"acknowledged: p50 {acknowledged[len(acknowledged) // 2] * 1000:.0f} ms, p99 "
        f"{acknowledged[int(len(acknowledged) * 0.99)] * 1000:.0f} ms, of {len(acknowledged)}"
    )
    print(f"killed by {killed}; memory grew by {max(grown, default=0) / 2**20:.0f} MB; Slack refused {dict(refused)}")
    for wrong in wrongs[:10]:
        print(wrong)
    return len(wrongs) + (killed != signal.SIGKILL)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--conversations", type=int, default=500)
    parser.add_argument("--turns", type=int, default=20)
    parser.add_argument("--channels", type=int, default=100)
    parser.add_argument("--processes", type=int, default=3)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--pace", type=float, default=100.0, help="seconds of Slack's clock in one of ours")
    parser.add_argument("--rate", type=float, default=100.0, help="events a second; Slack sends 8 at most, for long")
    given = parser.parse_args()
    sys.exit(bool(measure(**vars(given))))
