"""Commands of the chat that are about one moment shown: show, play, why, more, clip."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from bot.actions.cutting import cut, file_name, file_span
from bot.actions.data import clip_data, explanation_data, moment_data
from bot.actions.explaining import Explanation
from bot.actions.explaining import why as explain
from bot.actions.playing import play as start
from bot.actions.showing import moment_of
from bot.actions.typed import handle_of
from bot.cli.cut import said_of_clip
from bot.cli.output import headline, sourced
from bot.untrusted import inert_line, inert_name

if TYPE_CHECKING:
    from bot.cli.plain.session import Session


def show(session: "Session", argument: str) -> None:
    """Print a moment's texts and frames."""
    citation = session.shown(handle_of(argument))
    moment = moment_of(citation, session.assistant.library.catalogue, session.asked)
    texts = (f"  {sourced(text.source, text.text)}" for text in moment.texts)
    frames = (f"  frame: {inert_name(str(frame.path))}" for frame in moment.keyframes)
    data = {"event": "moment", "handle": citation.handle, "title": citation.title, **moment_data(moment)}
    session.screen.tell(data, headline(citation, session.apart), *texts, *frames)


def play(session: "Session", argument: str) -> None:
    """Play a moment in the player that is set."""
    citation = session.shown(handle_of(argument))
    source = file_span(citation, session.assistant.library.catalogue, session.asked)
    running = start(session.settings.player, source)
    session.players = [*(one for one in session.players if one.poll() is None), running]
    data = {"event": "playing", "handle": citation.handle, "path": str(source.path)}
    session.screen.tell(data, f"Playing {headline(citation, session.apart)}")


def why(session: "Session", argument: str) -> None:
    """Print why a moment was found, and what was seen in it."""
    found = explain(session.conversations, session.conversation_id, handle_of(argument))
    session.screen.tell({"event": "why", **explanation_data(found)}, *_reasons(found, session.apart))


def more(session: "Session", argument: str) -> None:
    """Show further moments like one."""
    citation, told = session.shown(handle_of(argument)), session.utterance()
    session.show(session.assistant.manager.more_like(citation.handle, told), told.cancel)


def clip(session: "Session", argument: str) -> None:
    """Cut a moment out of its video."""
    named, _, file = argument.partition(" ")
    citation = session.shown(handle_of(named))
    source = file_span(citation, session.assistant.library.catalogue, session.asked)
    target = Path(file.strip() or file_name(citation)).expanduser()
    made = cut(source, target, session.assistant.limits)
    session.screen.tell({"event": "clip", **clip_data(source, made)}, said_of_clip(source, made))


def _reasons(found: Explanation, apart: Mapping[str, str]) -> list[str]:
    citation, ranking = found.citation, found.citation.ranking
    lines = [headline(citation, apart), f'  asked: "{inert_line(found.asked)}"']
    if ranking is None:
        lines.append("  it was not searched for: the question led to it by what was shown before, or by the time")
    else:
        if found.query:
            lines.append(f'  searched for: "{inert_line(found.query)}"')
        lines.append(f"  score: {ranking.score:.3f}")
        for arm, at in found.arms:
            lines.append(f"  {arm}: " + (f"place {at.rank}, score {at.score:.3f}" if at else "did not find it"))
        lines.append(f"  words that match: {inert_line(', '.join(ranking.matched)) or 'none'}")
    lines.append(f"  frame: {inert_name(str(citation.keyframe or 'none'))}")
    if citation.observation is None:
        lines.append("  nobody looked at it")
    else:
        saw = f'saw "{inert_line(citation.observation)}"' if citation.observation else "saw nothing of what was asked"
        lines.append(f"  {found.model or 'the vision model'} {saw}")
    return lines


def opinion_of(argument: str) -> tuple[int | None, str]:
    """Return which moment an opinion is about, None for the whole answer, and its words."""
    first, _, rest = argument.partition(" ")
    if re.fullmatch(r"\[?\d{1,9}\]?", first):
        return handle_of(first), rest.strip()
    return None, argument
