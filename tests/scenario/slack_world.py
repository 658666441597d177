"""A workspace drawn by chance, whose rights, people and channels change between the questions, and an oracle beside it.

The oracle knows nothing of `bot.rights`: it goes through all grants that were given, and all people in a channel.
"""

import json
import random
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot import bootstrap
from bot.rights import Place, Principal, Rights
from tests.scenario.slack_team import Team
from tests.slack_server.workspace import BOT_USER, ELSEWHERE, TEAM

COLLECTIONS = ("kitchen", "harbour", "workshop", "garden")
VIDEOS = 3
CHANNELS = ("C1", "C2", "C3", "G4", "C5")
PEOPLE = ("U1", "U2", "U3", "U4", "U5")
SYLLABLES = ("zor", "vik", "plem", "bak", "dru", "nol", "wex", "tam", "gri", "jup")

Grantee = Place | Principal


def word(number: int) -> str:
    """Return a word that is in no language, one for each number below 1,000."""
    return "".join(SYLLABLES[int(digit)] for digit in f"{number:03d}")


def far(chance: random.Random) -> str:
    """Return a word that resembles no other."""
    return "".join(chance.choices("bcdfghjklmnprstvwxyz", k=14))


@dataclass(frozen=True)
class Library:
    """Captions whose every video has words of its own, and those words by collection; `far` resemble no other."""

    captions: dict[str, dict[str, Any]]
    words: dict[str, frozenset[str]]
    far: dict[str, str]


def library() -> Library:
    """Return the library: four words of each video are its own, one of them its title."""
    captions: dict[str, dict[str, Any]] = {}
    words, strange, chance = {}, {}, random.Random(11)
    for place, collection in enumerate(COLLECTIONS):
        videos: dict[str, Any] = {}
        own: set[str] = set()
        for video in range(VIDEOS):
            title, first, second = (word(100 * place + 10 * video + nth) for nth in range(3))
            strange[collection] = far(chance)
            sentences = [
                f"A person carries the {first} lamp.",
                f"A person opens the {second} box.",
                f"A person reads {strange[collection]} aloud.",
            ]
            videos[title] = {"duration": 30, "timestamps": [[0, 10], [10, 20], [20, 30]], "sentences": sentences}
            own |= {title, first, second, strange[collection]}
        captions[collection], words[collection] = videos, frozenset(own)
    return Library(captions, words, strange)


@dataclass
class Asked:
    """A question in a place."""

    channel: str
    user: str
    text: str
    thread: str | None
    hidden: bool
    ts: str = ""


@dataclass
class World:
    """The workspace, and what is wrong with what the app showed in it.

    Attributes:
        team: the app and its local Slack.
        chance: draws all of it.
        wrongs: what should not have been.
        cases: how many questions were looked at.
        told: how often something of a video was shown.
        counted: how many counts of videos were compared.
        alike: how many pairs of a forbidden and an unknown word were compared.
    """

    team: Team
    chance: random.Random
    held: Library = field(default_factory=library)
    grants: dict[tuple[str, str], bool] = field(default_factory=dict)
    threads: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    said: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    wrongs: list[str] = field(default_factory=list)
    cases: int = 0
    told: int = 0
    counted: int = 0
    alike: int = 0

    def fill(self, home: Path) -> None:
        """Take the videos in, and let people into the channels."""
        with bootstrap.library(self.team.settings) as opened:
            for collection, videos in self.held.captions.items():
                file = home / "drawn.json"
                file.write_text(json.dumps(videos))
                opened.import_annotations(file, collection)
                file.unlink()
        for channel in CHANNELS:
            for user in PEOPLE[:2]:
                self.team.slack.join(channel, user)

    def change(self) -> None:
        """Change some grants, and who is where, and wait until the app was told."""
        slack, chance = self.team.slack, self.chance
        with bootstrap.catalogue(self.team.settings) as catalogue:
            rights = Rights(catalogue)
            for _ in range(6):
                collection, grantee = chance.choice(COLLECTIONS), self._grantee()
                key = (collection, str(grantee))
                if key in self.grants and chance.random() < 0.5:
                    rights.remove(collection, grantee)
                    del self.grants[key]
                else:
                    self.grants[key] = chance.random() < 0.5
                    rights.add(collection, grantee, self.grants[key])
        with slack.workspace.changed:
            place = slack.workspace.channel(chance.choice(CHANNELS))
            place.is_ext_shared = chance.random() < 0.2
        user, channel = chance.choice(PEOPLE[2:]), chance.choice(CHANNELS)
        if user in slack.workspace.channel(channel).members:
            slack.leave(channel, user)
        else:
            slack.join(channel, user)
        slack.workspace.untold = {"U5"}
        slack.guest("U3")
        slack.outsider("U4")
        slack.wait_for(lambda: all(one.acknowledged_after is not None for one in slack.sockets.envelopes), 30)
        slack.sockets.envelopes.clear()

    def round(self) -> None:
        """Ask one thing in every place at once, and look at all that was shown for it."""
        slack = self.team.slack
        before, hidden = len(slack.calls), len(slack.workspace.ephemeral)
        asked = [self._draw(channel) for channel in (*CHANNELS, *(f"@{user}" for user in PEOPLE))]
        asked += [self._draw(channel, hidden=True) for channel in CHANNELS[:2]]
        for one in asked:
            self._ask(one)
        seen = [one for one in asked if not one.hidden]
        slack.wait_for(lambda: all(self._answers(one) for one in seen), 60)
        wanted = hidden + len(asked) - len(seen)
        slack.wait_for(lambda: len(slack.workspace.ephemeral) >= wanted, 60)
        for one in seen:
            self._look(one, self._answers(one))
        for message in slack.workspace.ephemeral[hidden:]:
            visible = self.visible(f"@{message['to']}", message["to"])
            self._leaks(message, visible, self.said[f"{message['to']} hidden"], f"hidden in {message['channel']}")
        for call in slack.calls[before:]:
            channel = call.args.get("channel") or call.args.get("channel_id")
            if channel and call.method.startswith(("chat.post", "chat.start", "chat.append", "assistant")):
                person = call.args.get("user", "")
                visible = self.visible(f"@{person}" if person else str(channel), person)
                self._leaks(call.args, visible, self.said["all"], f"{call.method} in {channel}")
        self.cases += len(asked)

    def twins(self) -> None:
        """Ask for a word that may not be seen, and for one that is nowhere: both are answered alike.

        What is nearest to a word in what may be seen differs for any two words, so it is not compared.
        """
        channel = self.chance.choice((*CHANNELS, "D1"))
        forbidden = sorted(set(COLLECTIONS) - self.visible(channel, ""))
        if not forbidden:
            return
        words = self.held.far[self.chance.choice(forbidden)], far(self.chance)
        pair = [Asked(channel, "U1", f"where is the {one}?", None, False) for one in words]
        told = []
        for one, named in zip(pair, words, strict=True):
            self._ask(one)
            (answer,) = self.team.slack.wait_for(lambda one=one: self._answers(one), 60)
            told.append(answer["text"].partition("\n")[0].replace(named, "WORD"))
        if told[0] != told[1]:
            self.wrongs.append(f"{channel}: {told[0]} is not {told[1]}")
        self.alike += 1

    def visible(self, channel: str, user: str) -> frozenset[str]:
        """Return what may be seen, by going through everything; `@U1` and `D1` are where U1 is alone with the app."""
        if channel.startswith(("@", "D")):
            user = user or f"U{channel[1:]}"
            outside = self._is_outside(user)
            team = ELSEWHERE if user == "U4" else TEAM
            names = [f"member:{team}/{user}", *([f"direct:{TEAM}/D{user[1:]}"] if channel[0] == "D" else [])]
        else:
            where = self.team.slack.workspace.channels[channel]
            outside = where.is_ext_shared or any(map(self._is_outside, where.members))
            names = [f"channel:{TEAM}/{channel}"]
        return frozenset(
            collection
            for (collection, grantee), external in self.grants.items()
            if grantee in names and (external or not outside)
        )

    @staticmethod
    def _is_outside(user: str) -> bool:
        return user not in (BOT_USER, *PEOPLE[:2])

    def _grantee(self) -> Grantee:
        if self.chance.random() < 0.6:
            return Place("channel", TEAM, self.chance.choice(CHANNELS))
        user = self.chance.choice(PEOPLE)
        if self.chance.random() < 0.3:
            return Place("direct", TEAM, f"D{user[1:]}")
        return Principal("member", ELSEWHERE if user == "U4" else TEAM, user)

    def _draw(self, place: str, hidden: bool = False) -> Asked:
        chance = self.chance
        everything = sorted(one for words in self.held.words.values() for one in words)
        named = chance.choice(everything)
        text = chance.choice(
            [
                f"where is the {named}?",
                f"where is the {named[:-1]}q?",
                "what does a person carry?",
                "how many videos are there?",
                "list the videos",
                "and what else?",
                f"what happens in {named}?",
            ]
        )
        channel, user = (f"D{place[2:]}", place[1:]) if place[0] == "@" else (place, chance.choice(PEOPLE[:2]))
        known = self.threads[channel]
        thread = chance.choice(known) if known and not hidden and chance.random() < 0.6 else None
        return Asked(channel, user, text, thread, hidden)

    def _ask(self, one: Asked) -> None:
        slack, words = self.team.slack, set(re.findall(r"\w+", one.text))
        self.said["all"] |= words
        if one.hidden:
            self.said[f"{one.user} hidden"] |= words
            slack.command(f"ask {one.text}", one.user, one.channel)
            return
        channel = "@" if one.channel.startswith("D") else one.channel
        one.ts = slack.say(channel, one.user, one.text, one.thread, mention=channel != "@")
        root = one.thread or one.ts
        self.said[one.channel] |= words
        if root not in self.threads[one.channel]:
            self.threads[one.channel].append(root)

    def _answers(self, one: Asked) -> list[dict[str, Any]]:
        def is_of_it(message: dict[str, Any]) -> bool:
            event = (message.get("metadata") or {}).get("event_payload", {}).get("event")
            return bool(event == f"{one.channel}/{one.ts}")

        return [message for message in self.team.slack.posted(one.channel, one.thread or one.ts) if is_of_it(message)]

    def _look(self, one: Asked, messages: list[dict[str, Any]]) -> None:
        visible = self.visible(one.channel, one.user if one.channel.startswith("D") else "")
        for message in messages:
            self._leaks(message, visible, self.said[one.channel], f"{one.text!r} in {one.channel}")
        for number in re.findall(r"(\d+) videos?\b", messages[0]["text"]):
            if int(number) != VIDEOS * len(visible):
                self.wrongs.append(f"{one.channel} sees {sorted(visible)} and was told {messages[0]['text']!r}")
            self.counted += 1

    def _leaks(self, shown: Any, visible: frozenset[str], said: set[str], where: str) -> None:
        """Note words that only collections have which may not be seen, unless somebody said them there."""
        found = set(re.findall(r"\w+", json.dumps(shown, ensure_ascii=False)))
        for collection, words in self.held.words.items():
            leaked = (words & found) - said
            if collection in visible:
                self.told += bool(words & found)
            elif leaked:
                self.wrongs.append(f"{where}: {sorted(leaked)} of {collection}, of {sorted(visible)}")


def rounds(world: World, count: int) -> Iterator[int]:
    """Change the world and ask in it, so many times; yield after each."""
    for number in range(count):
        world.change()
        world.round()
        world.twins()
        yield number
