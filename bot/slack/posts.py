"""Posts: what goes to Slack, as blocks with a fallback text, within Slack's limits.

An answer, its moments, a question back. Pure: no client, no token, no clock.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.dialogue.messages import Answer, Citation
from bot.slack.blocks import (
    ALT_TEXT,
    BLOCKS,
    BUTTONS,
    CHOOSE,
    LABEL,
    MORE_LIKE,
    ONLY_VIDEO,
    OPEN_AT,
    PLAY_CLIP,
    SECTION,
    SHARE,
    WHY,
    Block,
    ButtonValue,
    actions,
    at_clock,
    button,
    cut,
    feedback,
    marked,
    note,
    pieces,
    sections,
    shortened_to,
    width,
)
from bot.slack.mrkdwn import escaped
from bot.untrusted import inert, inert_line

FALLBACK: Final = 4_000
"""Characters of a fallback, which is read out and stands in notifications; `chat.update` takes no longer one."""

SPLIT: Final = 12_000
"""A longer answer goes out as a file, with its beginning as a post."""

CARDS: Final = 10
"""Moments in one post."""


@dataclass(frozen=True, slots=True)
class Post:
    """One message as it goes to Slack: `text` is read out and shown in notifications, and is never empty."""

    text: str
    blocks: tuple[Block, ...] = ()

    def payload(self) -> dict[str, object]:
        """Return the arguments of `chat.postMessage` that are the same wherever it goes; nothing unfurls."""
        return {"text": self.text, "blocks": list(self.blocks), "unfurl_links": False, "unfurl_media": False}

    def without_pictures(self) -> "Post":
        """Return the same without its pictures; each is described by the text beside it."""
        return replace(self, blocks=tuple(block for block in self.blocks if block["type"] != "image"))


@dataclass(frozen=True, slots=True)
class Told:
    """A text as posts, in their order; `whole` is the text to upload as a file where it is too long for them."""

    posts: tuple[Post, ...]
    whole: str | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """One moment as it is shown.

    Attributes:
        citation: the moment.
        reply: the id of the reply that shows it, for its buttons.
        quote: what is said, written or told in it; "" for nothing.
        keyframe: Slack's id of its uploaded keyframe, None without one.
        link: where it can be watched, as `Links.moment` returns it.
        clip: whether a clip can be cut out.
    """

    citation: Citation
    reply: str
    quote: str = ""
    keyframe: str | None = None
    link: str | None = None
    clip: bool = True


def post(text: str, *more: Block) -> Post:
    """Return a post that shows a text of any origin, with further blocks below it; a long one goes by `told`.

    What is longer than `SPLIT` is cut, so that Slack takes it.
    """
    return Post(fallback(text), (*sections(cut(inert(text), SPLIT)), *more))


def fallback(text: str) -> str:
    """Return a text as the fallback of a post: escaped, cut, never empty."""
    longest = FALLBACK
    while width(shown := escaped(cut(text, longest)).strip()) > FALLBACK:
        longest //= 2
    return shown or "–"


def answered(answer: Answer, reply: str) -> Told:
    """Return an answer as posts; the last one asks whether it was good."""
    return _with_last(told(answer.text), feedback(reply))


def told(text: str) -> Told:
    """Return a text of any length as posts; what is longer than `SPLIT` also comes as a whole, to upload as a file."""
    shown = inert(text)
    if width(shown) > SPLIT:
        return Told((post(cut(shown, SECTION), note("The whole answer is in the file.")),), shown)
    parts = list(pieces(shown, 3 * SECTION)) or [""]
    return Told(tuple(post(part) for part in parts))


def asking_back(answer: Answer, reply: str) -> Post:
    """Return a question back, with a button for each choice; what a button has no room for stands above it."""
    choices = answer.choices[:BUTTONS]
    long = any(width(inert_line(choice)) > LABEL for choice in choices)
    listed = (
        "\n".join(f"{number}. {shortened_to(inert_line(choice), 300)}" for number, choice in enumerate(choices, 1))
        if long
        else ""
    )
    made = [
        button(f"{number}. {choice}" if long else choice, f"{CHOOSE}_{number}", ButtonValue(reply, number))
        for number, choice in enumerate(choices, 1)
    ]
    return post(cut(answer.text, SECTION), *sections(listed), *actions(made))


def moments(cards: Sequence[Card]) -> tuple[Post, ...]:
    """Return moments as posts, some in each."""
    groups = [cards[at : at + CARDS] for at in range(0, len(cards), CARDS)]
    return tuple(
        Post(
            fallback("\n".join(_headline(card.citation) for card in group)),
            tuple(block for card in group for block in moment(card)),
        )
        for group in groups
    )


def moment(card: Card) -> list[Block]:
    """Return the blocks of one moment: title and time, quote, keyframe, buttons."""
    citation = card.citation
    title = escaped(shortened_to(inert_line(citation.title or citation.video_id), 300))
    made: list[Block] = [
        {"type": "section", "text": marked(f"*[{citation.handle}] {title}*  {citation.timecode}")},
    ]
    if card.quote.strip():
        made.append(note(f"“{shortened_to(inert_line(card.quote), 600)}”"))
    if card.keyframe is not None:
        made.append({"type": "image", "slack_file": {"id": card.keyframe}, "alt_text": alt_text(card)})
    return [*made, *actions(_buttons(card))]


def alt_text(card: Card) -> str:
    """Return what a keyframe shows, in words, for who does not see it."""
    seen = card.citation.observation or card.quote
    said = f"Frame of {_headline(card.citation)}{': ' if seen else ''}{seen}"
    return shortened_to(inert_line(said), ALT_TEXT)


def shareable(made: Post, reply: str) -> Post:
    """Return a post that only one person sees, with a button that asks again for the whole channel."""
    row = actions([button("Share in channel", SHARE, ButtonValue(reply))])
    return replace(made, blocks=(*made.blocks[: BLOCKS - 1], *row))


def _buttons(card: Card) -> Iterator[Block]:
    value, start = ButtonValue(card.reply, card.citation.handle), card.citation.span.start
    if card.clip:
        yield button("Play clip", PLAY_CLIP, value)
    if card.link is not None:
        yield button(f"Open at {at_clock(start)}", OPEN_AT, value, url=card.link)
    yield button("More like this", MORE_LIKE, value)
    yield button("Only this video", ONLY_VIDEO, value)
    yield button("Why?", WHY, value)


def _headline(citation: Citation) -> str:
    return f"[{citation.handle}] {inert_line(citation.title or citation.video_id)}, {citation.timecode}"


def _with_last(reply: Told, *more: Block) -> Told:
    last = reply.posts[-1]
    return replace(reply, posts=(*reply.posts[:-1], replace(last, blocks=(*last.blocks, *more))))
