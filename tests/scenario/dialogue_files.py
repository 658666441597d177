"""Reads the golden dialogues in `dialogues/*.yaml`: what a person says turn by turn, and what is right each time.

They were written before any planner that they judge. Those marked `frozen` lie in files of their own
(`frozen_*.yaml`), are never edited, and are never looked at to tune: whoever writes a planner reads the open ones.
What a turn expects follows these conventions.

**Acts** go by the form of the words, so that two readers agree:
- `find`: a moment or a video is wanted. Where, when, show, find, "I'm looking for", which clip or film, is there,
  have you got, any, a bare phrase, which of these is (or has) something, or pointing alone ("the second one").
- `ask`: a fact. Who, what, why, how long, how much, whose, which colour, yes or no; also what one moment shows
  ("tell me more about [2]", "what happens at the end", "what is at 0:15").
- `count`: how many, how often; whatever is counted, and wherever the number is found.
- `compare`: two or more moments or videos side by side: same, both, difference, which of them is longer.
- `summarise`: a word for a summary (sum up, recap, gist, shorter, tl;dr), or what happens in a stretch of time.
- `describe_video`: what one whole video holds or is about. `list_videos`: which videos there are, or how many.
- `chat`: nothing is asked of the library. `clarify`: the plan must ask back before anything else.
- What continues a question ("and in blue?", "and then?", "what about the cat") has the act of that question; so has
  the reply to a question that was asked back. `also` holds other acts that are as good.

**Query.** `has` are words that the query holds when it stands alone, `lacks` words that it must not hold; words are
compared by their stems. Scaffolding, times, names of videos, exclusions and mistyped words are never demanded. What
continues a question replaces the part of its own kind (colour by colour, place by place, one actor by another) and
else narrows it, and keeps its exclusions. A pronoun brings the noun that it stands for, if the person has said it.

**Filters** are what was said or pointed at, and bind. `videos`: named (by title or id, or by a telling word of either
with "film", "video", "clip", "one"), or meant by "the same video", "in it", "the other film". `start`, `end`: seconds;
"at 0:15" has a start alone. `without`: words excluded, those after "not", "no", "without", "apart from", "but not";
also those kept from before. `not_videos`, `not_moments`: excluded by name or by pointing; "another one" excludes what
was last shown, "in other films" the film at hand. `not_part`: the start or the end of the film.

**Focus** is the one video that the talk stays with, searched first and then the rest of the library. The talk stays
with a video while all that was last shown comes from it, and the words go on: a pronoun without its noun, a fragment
(and, but, only, just, any, in, on, with; "the" and a word or two; "blue ones"), "then", "the first time". A whole
question without such a mark, a bare phrase, and "in any film" begin anew: no focus. Nor is there one where a moment
binds: it is pointed at, or a time counts from it. A place in the film (at the end, in the first minute, between two
times) without a name binds the talk's video: it is in `videos`, with a reference of the kind `implied`.

**References** say what is meant, as a moment or a video; `to` is empty where nothing was ever shown that fits, and
then the act is `clarify`, with `choices` to offer where those are few. ("The film" with none at hand asks back only
where the act needs a video.) The kinds:
- `ordinal`, `first`, `last`: by place in what was last offered: the latest turn that showed several moments (to
  `find`, `ask`, `count`, `compare`) or listed videos; if none did, all moments shown, in order. "The last one you
  showed" is the last of the latest shown.
- `handle`: [3], #3, moment 3: moments are numbered over the whole talk as they first come up.
- `that`: that clip, this moment, there. Of several it is the first; the plural means all of the latest shown, "all
  you showed" everything. After a description it is the video.
- `among`: "which of them", "the one with a cake": one of the latest shown, yet to be chosen; `to` holds them all.
- `same_video`: the same film, in it, the whole thing. `other`: the one of two that the talk is not at.
- `pronoun`: it, he, she, they, his. `to` is where whoever is meant was last seen. A plan is right that stays with
  that video; only where a time counts from it must it be that moment.
- `implied`: not said at all: "and then?", "at the end?".

**Relations.** `before`, `after`: anywhere on that side, in the same video. `right_before`, `right_after`: the next
moment, also where nothing is asked of it ("what comes before that?", "and then?"). `during`. `at_start`, `at_end`:
the first or last moment ("in the last ten seconds" has a start). `first_time`, `last_time`, `every_time`: of all that
fit. `from_start`, `between`, `since`, `until`, `at`: by the clock, in `start` and `end`. Where the moment to count from
is described ("after the dog jumps"), `anchor` holds its words and its place.

**Carried.** `words`: the query needs words of earlier turns. `video`: it stays with, or points into, what was shown.

**Moments** are all that are right, any of them a right answer; for `every_time`, `count`, `compare` and `summarise`
all are meant. A video without a span is all of it. Empty is an honest "not in your library". `shown` is what the
answer showed, in order, where that differs from `moments`; so a planner can be tried without a search. Videos are
listed by id. `truth` is what holds of the right scenes of a sample film, and of no other scene in question.
"""

import dataclasses
import json
from collections.abc import Hashable, Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

from tests.scenario.dialogue_values import DURATIONS, Collection, Dialogue, Turn

FOLDER = Path(__file__).parent / "dialogues"
_OF_A_TURN = ("say", "marks", "shown", "truth")


class WrongDialogue(ValueError):
    """A file of dialogues is not as it must be; says which file, dialogue and turn."""


class _Loader(yaml.SafeLoader):  # type: ignore[misc]
    """Reads YAML; a key that comes twice is an error."""

    def __init__(self, file: str, text: str) -> None:
        super().__init__(text)
        self.name = file

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [key.value for key, _ in node.value]
        if twice := {key for key in keys if keys.count(key) > 1}:
            raise WrongDialogue(f"{self.name}, line {node.start_mark.line + 1}: {', '.join(sorted(twice))} twice")
        mapping: dict[Hashable, Any] = super().construct_mapping(node, deep)
        return mapping


def load(folder: Path = FOLDER) -> tuple[Dialogue, ...]:
    """Return all dialogues of a folder, by file.

    Raises:
        WrongDialogue: an unknown key, act, video or time, or something missing; names file, dialogue and turn.
    """
    files = sorted(folder.glob("*.yaml"))
    return tuple(dialogue for path in files for dialogue in read(path.name, path.read_text(encoding="utf-8")))


def read(file: str, text: str) -> Iterator[Dialogue]:
    """Yield the dialogues of one file: a mapping of `collection` and `dialogues`."""
    content = _mapping(_Loader(file, text).get_single_data(), {"collection", "dialogues"}, file)
    collection = content["collection"]
    if collection not in DURATIONS:
        raise WrongDialogue(f"{file}: there is no collection {collection!r}")
    for number, given in enumerate(content["dialogues"], start=1):
        entry = _mapping(given, {"name", "turns"}, f"{file}, dialogue {number}", {"frozen"})
        place = f"{file}, {entry['name']}"
        frozen = entry.get("frozen", False)
        if not isinstance(frozen, bool):
            raise WrongDialogue(f"{place}: frozen is true or false, not {frozen!r}")
        turns = tuple(_turn(turn, collection, f"{place}, turn {n}") for n, turn in enumerate(entry["turns"], start=1))
        raw = json.dumps({"collection": collection, **entry}, sort_keys=True, ensure_ascii=False)
        yield Dialogue(entry["name"], file, collection, frozen, turns, raw)


def _mapping(given: Any, needed: set[str], place: str, allowed: AbstractSet[str] = frozenset()) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise WrongDialogue(f"{place}: a mapping with {', '.join(sorted(needed))} is needed")
    if wrong := (given.keys() - allowed) ^ needed:
        raise WrongDialogue(f"{place}: unknown or missing {', '.join(sorted(map(repr, wrong)))}")
    return given


_TURN = TypeAdapter(Turn)


def _turn(given: Any, collection: Collection, place: str) -> Turn:
    if not isinstance(given, dict):
        raise WrongDialogue(f"{place}: a mapping with say, act is needed")
    own = {key: given[key] for key in _OF_A_TURN if key in given}
    try:
        turn = _TURN.validate_python(own | {"expected": {k: v for k, v in given.items() if k not in _OF_A_TURN}})
    except ValidationError as error:
        first = error.errors()[0]
        raise WrongDialogue(f"{place}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    if "shown" not in given:
        turn = dataclasses.replace(turn, shown=turn.expected.moments or ())
    for video, end in _named(turn):
        if end > DURATIONS[collection].get(video, -1.0):
            raise WrongDialogue(f"{place}: {collection} hold no {video!r} of {end:g} s")
    return turn


def _named(turn: Turn) -> Iterator[tuple[str, float]]:
    """Yield every video that a turn names, with the last second that it names of it."""
    expected = turn.expected
    places = [*turn.shown, *(expected.moments or ()), *expected.filters.not_moments]
    places += [place for reference in expected.refers for place in reference.to]
    places += [expected.anchor.moment] if expected.anchor else []
    yield from ((place.video, place.span.end if place.span else 0.0) for place in places)
    videos = (*expected.filters.videos, *expected.filters.not_videos, *expected.choices)
    yield from ((video, 0.0) for video in (*videos, *([expected.focus] if expected.focus else [])))
