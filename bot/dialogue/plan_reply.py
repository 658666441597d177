"""What a language model may say of an utterance: the question that stands alone, and what it is about. Pure.

The model never writes an id: videos have the keys V1, V2, ... and moments their handles. Its question is reduced to
words, so that no link, mention or search operator comes of it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, ValidationError

import prompts
from bot.dialogue.conversation import Conversation
from bot.dialogue.messages import Utterance
from bot.dialogue.reading.utterance import content_of
from bot.untrusted import defused, fenced
from retrieval.analysis import terms
from retrieval.types import Video

MOST_VIDEOS = 12
MOST_MEANT = 6
MOST_SHOWN = 20
MOST_TURNS = 4
MOST_OVERHEARD = 6
"""Videos, moments, turns and messages of others that a model is told of, the latest.

`MOST_SHOWN` are the moments where it works with the tools.
"""

LONGEST_TITLE = 60
LONGEST_SAID = 200
LONGEST_QUERY = 300
"""Characters of a title, of what was said before, and of what is said now or by the model."""

NEW = 1 / 3
"""Share of the words of a model's question that nobody said, above which it asks for something else."""

ANY, NONE = "any", 0
"""What a model says where no video, or no moment, is meant above others."""


class InvalidReply(ValueError):
    """A reply that says nothing of use; says why, in words of the program's own."""


class PlanReply(BaseModel):
    """A reply, as the schema describes it; nothing is converted and nothing may be beside it."""

    model_config = ConfigDict(strict=True, extra="forbid", hide_input_in_errors=True)

    question: str
    video: str
    moment: int


@dataclass(frozen=True, slots=True)
class Rewritten:
    """What a model made of an utterance: the question that stands alone; ids of the video and the moment meant."""

    question: str
    video: str | None = None
    moment: str | None = None


@dataclass(frozen=True, slots=True)
class Offered:
    """What a model may choose from: videos by key, moments by handle, both to ids."""

    videos: Mapping[str, str]
    moments: Mapping[int, str]


def offered(conversation: Conversation, videos: Sequence[Video]) -> Offered:
    """Return what a model is offered: the moments shown last, and the videos, of many those named last.

    Videos stand in the order of the library, so that a server need not read them again at each turn.
    """
    visible = [video.video_id for video in videos]
    named = [video for video in reversed(conversation.named) if video in visible]
    latest_named = set(list(dict.fromkeys((*named, *visible)))[:MOST_VIDEOS])
    chosen = [video for video in visible if video in latest_named]
    shown = {h: c.moment_id for h, c in sorted(conversation.shown.items()) if c.video_id in visible}
    latest = dict(list(shown.items())[-MOST_MEANT:])
    return Offered({f"V{number}": video for number, video in enumerate(chosen, start=1)}, latest)


def schema(choice: Offered) -> dict[str, object]:
    """Return the JSON schema of a reply; what is not offered cannot be said by a model that is held to it."""
    properties: dict[str, object] = {
        "question": {"type": "string"},
        "video": {"type": "string", "enum": [*choice.videos, ANY]},
        "moment": {"type": "integer", "enum": [*choice.moments, NONE]},
    }
    return {
        "title": "reply",
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def prompt(conversation: Conversation, utterance: Utterance, videos: Sequence[Video], choice: Offered) -> str:
    """Return the prompt for a reply in JSON: everything that others wrote is fenced and labelled."""
    titles = {video.video_id: video.title for video in videos}
    keys = {video: key for key, video in choice.videos.items()}
    shown = [conversation.shown[handle] for handle in choice.moments]
    return prompts.render(
        "plan_utterance",
        videos=fenced(
            "titles of the videos, by key", [f"{k}: {titles[v][:LONGEST_TITLE]}" for k, v in choice.videos.items()]
        ),
        shown=fenced(
            "moments shown so far, the latest last",
            [f"[{one.handle}] {keys.get(one.video_id, 'another video')} {one.timecode}" for one in shown],
        ),
        turns=said_before(conversation, utterance),
        words=_now(utterance),
    )


def line_prompt(conversation: Conversation, utterance: Utterance) -> str:
    """Return the prompt for a question on one line."""
    return prompts.render("rewrite_question", turns=said_before(conversation, utterance), words=_now(utterance))


def _now(utterance: Utterance) -> str:
    return fenced("what the user says now", [utterance.text[:LONGEST_QUERY]])


def said_before(conversation: Conversation, utterance: Utterance) -> str:
    """Return the latest turns for a prompt, and what people said to each other beside them."""
    turns = _history(conversation)
    if not utterance.overheard:
        return turns
    said = [defused(text, LONGEST_SAID) for text in utterance.overheard[-MOST_OVERHEARD:]]
    return f"{turns}\n\n{fenced('what people said to each other before, and not to the assistant', said)}"


def _history(conversation: Conversation) -> str:
    """Return the latest turns for a prompt: what was asked, what was made of it, and the handles of what was shown."""
    lines = []
    for turn in conversation.turns[-MOST_TURNS:]:
        cited = "".join(f"[{c.handle}]" for c in turn.citations)
        lines.append(f"the user: {defused(turn.asked, LONGEST_SAID)}")
        lines.append(f"the assistant: {turn.act}, searched for: {defused(turn.query, LONGEST_SAID)}; showed {cited}")
    return fenced("earlier turns", lines)


def read(text: str, choice: Offered) -> Rewritten:
    """Return what a reply in JSON says.

    Raises:
        InvalidReply: it is not of the schema, names what was not offered, or asks nothing.
    """
    try:
        reply = PlanReply.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(map(str, first["loc"])) or "the whole"
        raise InvalidReply(f"{place}: {first['type']}") from error
    if reply.video != ANY and reply.video not in choice.videos:
        raise InvalidReply("video: none that is offered")
    if reply.moment != NONE and reply.moment not in choice.moments:
        raise InvalidReply("moment: none that is offered")
    return Rewritten(_asked(reply.question), choice.videos.get(reply.video), choice.moments.get(reply.moment))


def read_line(text: str) -> Rewritten:
    """Return the question of a reply without form: its first line that says anything.

    Raises:
        InvalidReply: it asks nothing.
    """
    lines = (line.strip().removeprefix("Question:") for line in text.splitlines())
    return Rewritten(_asked(next(filter(_words, lines), "")))


def strays(question: str, known: Iterable[str]) -> bool:
    """Tell whether a question asks for what nobody said: too few of its words stand in the texts that are known."""
    said = {term for text in known for term in terms(text)}
    asked = set(terms(content_of(question)))
    return len(asked - said) > NEW * len(asked)


def _asked(text: str) -> str:
    """Return a question as a sentence of words."""
    question = _words(text)
    if not question:
        raise InvalidReply("question: says nothing")
    return f"{question}?" if text.rstrip(" \"'").endswith("?") else question


def _words(text: str) -> str:
    """Return the words and clock times of a text with single spaces, and nothing else."""
    return " ".join(re.findall(r"\d+(?::\d\d)+|\w+(?:['\u2019-]\w+)*", text[:LONGEST_QUERY]))
