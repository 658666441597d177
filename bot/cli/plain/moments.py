"""Commands of the chat that are about one moment shown: show, play, why, more, clip."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli import clip as clips
from bot.cli.conversations import headline
from bot.cli.plain.player import play as start
from bot.cli.videos import moment_data
from bot.dialogue.messages import Citation, Utterance
from bot.dialogue.storing.records import citation_as_data, ranking_as_data
from bot.errors import UsageError
from bot.tools.shelf import Ranking
from bot.untrusted import inert_line, inert_name
from retrieval.spaces import ARMS

if TYPE_CHECKING:
    from bot.cli.plain.session import Session
    from bot.dialogue.conversation import Turn


def handle_of(text: str) -> int | None:
    """Return the number that names a moment, `2` or `[2]`; None for no text.

    Raises:
        UsageError: it is something else.
    """
    if not text:
        return None
    found = re.fullmatch(r"\[?(\d{1,9})\]?", text)
    if found is None:
        raise UsageError(f"{text!r} is not the number of a moment", "Moments are named by their numbers, such as 2.")
    return int(found[1])


def show(session: "Session", argument: str) -> None:
    """Print a moment's texts and frames."""
    _, citation = session.turn(handle_of(argument))
    moment = session.assistant.library.catalogue.moment(citation.moment_id, session.visible)
    texts = (f"  {text.source}: {inert_line(text.text)}" for text in moment.texts)
    frames = (f"  frame: {inert_name(str(frame.path))}" for frame in moment.keyframes)
    data = {"handle": citation.handle, "title": citation.title, **moment_data(moment)}
    session.screen.tell("moment", data, headline(citation), *texts, *frames)


def play(session: "Session", argument: str) -> None:
    """Play a moment in the player that is set."""
    _, citation = session.turn(handle_of(argument))
    source = _source(session, citation)
    running = start(session.settings.player, source.path, source.span)
    session.players = [*(one for one in session.players if one.poll() is None), running]
    session.screen.tell(
        "playing", {"handle": citation.handle, "path": str(source.path)}, f"Playing {headline(citation)}"
    )


def why(session: "Session", argument: str) -> None:
    """Print why a moment was found, and what was seen in it."""
    turn, citation = session.turn(handle_of(argument))
    ranking = citation.ranking
    data = {**citation_as_data(citation), "asked": turn.asked, "query": turn.query, "model": turn.model}
    data["ranking"] = ranking and ranking_as_data(ranking)
    session.screen.tell("why", data, *_reasons(turn, citation, ranking))


def more(session: "Session", argument: str) -> None:
    """Show further moments like one."""
    _, citation = session.turn(handle_of(argument))
    told = Utterance("", session.conversation_id, session.asked)
    session.show(session.assistant.manager.more_like(citation.handle, told), told.cancel)


def clip(session: "Session", argument: str) -> None:
    """Cut a moment out of its video."""
    named, _, file = argument.partition(" ")
    _, citation = session.turn(handle_of(named))
    source = _source(session, citation)
    target = Path(file.strip() or _file_name(citation)).expanduser()
    if not target.absolute().parent.is_dir():
        raise UsageError(f"the folder {str(target.absolute().parent)!r} does not exist", "Make it first.")
    made = clips.cut(session.settings, source, target)
    session.screen.tell("clip", clips.clip_data(source, made), clips.said(source, made))


def _source(session: "Session", citation: Citation) -> clips.Source:
    video = session.assistant.library.catalogue.video(citation.video_id, session.visible)
    return clips.Source(video.video_id, clips.file_of(video), citation.span)


def _file_name(citation: Citation) -> str:
    """Return a name for a clip in this folder, whatever its video is called."""
    name = re.sub(r"[^\w-]+", "-", citation.video_id).strip("-") or "clip"
    return f"{name[:80]}-{citation.span.start:.0f}-{citation.span.end:.0f}.mp4"


def _reasons(turn: "Turn", citation: Citation, ranking: Ranking | None) -> list[str]:
    lines = [headline(citation), f'  asked: "{inert_line(turn.asked)}"']
    if ranking is None:
        lines.append("  it was not searched for: the question led to it by what was shown before, or by the time")
    else:
        if turn.query:
            lines.append(f'  searched for: "{inert_line(turn.query)}"')
        lines.append(f"  score: {ranking.score:.3f}")
        places = dict(ranking.arms)
        for arm in dict.fromkeys([*(arm.name for arm in ARMS), *places]):
            at = places.get(arm)
            lines.append(f"  {arm}: " + (f"place {at.rank}, score {at.score:.3f}" if at else "did not find it"))
        lines.append(f"  words that match: {inert_line(', '.join(ranking.matched)) or 'none'}")
    lines.append(f"  frame: {inert_name(str(citation.keyframe or 'none'))}")
    if citation.observation is None:
        lines.append("  nobody looked at it")
    else:
        saw = f'saw "{inert_line(citation.observation)}"' if citation.observation else "saw nothing of what was asked"
        lines.append(f"  {turn.model or 'the vision model'} {saw}")
    return lines


def opinion_of(argument: str) -> tuple[int | None, str]:
    """Return which moment an opinion is about, None for the whole answer, and its words."""
    first, _, rest = argument.partition(" ")
    if re.fullmatch(r"\[?\d{1,9}\]?", first):
        return handle_of(first), rest.strip()
    return None, argument
