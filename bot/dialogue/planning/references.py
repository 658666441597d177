"""What an utterance points at: "[2]", "the second one", "that clip", "the other film". Pure.

Each reference becomes a slot in the reading. Pronouns and what is not said at all come later: they need to know
what else the sentence holds.
"""

import re
from collections.abc import Callable

from bot.dialogue.conversation import Conversation, Target
from bot.dialogue.plan import Reference, ReferenceKind
from bot.dialogue.planning.reading import NAME, REFERENCE, Reading
from bot.dialogue.planning.reference_words import (
    ADJECTIVE_ONE,
    AFTER_WAY,
    AGAIN,
    ALL,
    AMONG,
    ANOTHER,
    BARE,
    CLIP,
    COMPARED,
    FILM,
    HANDLE,
    HOLDER,
    HOLDS,
    IN_IT,
    LEFT,
    NOUN,
    NUMBER,
    OF_A_FILM,
    ORDINAL,
    OTHER,
    OTHERS,
    SAME,
    THAT,
    THAT_NOUN,
    THE_FILM,
    THE_ONE,
    THERE,
    THOSE,
    YOU_SHOWED,
)
from bot.dialogue.planning.times import NUMBERS, ORDINALS
from retrieval.analysis import words


def take_references(reading: Reading, conversation: Conversation) -> None:
    """Put a slot where the words point at something shown."""
    for take in (_handles, _everything, _other, _ordinals, _among, _same_video, _that):
        take(reading, conversation)


def reference_to(kind: ReferenceKind, words: str, targets: tuple[Target, ...]) -> Reference:
    """Return a reference to moments or videos."""
    moments = tuple(dict.fromkeys(t.moment for t in targets if t.moment))
    videos = tuple(dict.fromkeys(t.video for t in targets if t.moment is None))
    return Reference(kind, words.strip(), moments, videos)


def _put(reading: Reading, found: re.Match[str], kind: ReferenceKind, targets: tuple[Target, ...]) -> None:
    reading.put(found.start(), found.end(), reference_to(kind, found[0], targets))


def _handles(reading: Reading, conversation: Conversation) -> None:
    shown = conversation.shown
    while found := HANDLE.search(reading.text):
        citation = shown.get(int(found["a"] or found["b"] or found["c"]))
        _put(reading, found, "handle", (Target(citation.video_id, citation.moment_id),) if citation else ())


def _everything(reading: Reading, conversation: Conversation) -> None:
    if found := ALL.search(reading.text):
        _put(reading, found, "that", conversation.all_shown)


def _ordinals(reading: Reading, conversation: Conversation) -> None:
    reading.text = re.sub(
        r"\b(?<=compare )(\d{1,3}) (and|with|to) (\d{1,3})\b", r"number \1 \2 number \3", reading.text
    )
    for _ in range(4):
        if found := NUMBER.search(reading.text):
            number = int(found["n"]) - 1 if found["n"].isdigit() else NUMBERS.index(found["n"].lower()) - 1
        elif found := ORDINAL.search(reading.text):
            if re.search(r"\b(?:scene|shot|part|bit)\b", found[0], re.I) and not any(
                t.moment for t in conversation.choice
            ):
                return  # the first scene of the film
            if found["several"] or found["middle"]:
                _put(reading, found, "ordinal", _some(found, conversation.offered))
                continue
            number = place_of(found["n"] or found["bare"] or found["alone"])
        else:
            return
        _put_nth(reading, found, number, conversation)


def _some(found: re.Match[str], choice: tuple[Target, ...]) -> tuple[Target, ...]:
    """Return "the first two" or "the middle one" of a choice."""
    if found["middle"] and "last" in found["middle"].lower():
        return choice[-2:-1]
    if found["middle"]:
        return choice[len(choice) // 2 :][:1] if len(choice) > 2 else ()
    count = NUMBERS.index(found["count"].lower())
    if count > len(choice):
        return ()
    return choice[:count] if found["several"].lower() == "first" else choice[-count:]


def _put_nth(reading: Reading, found: re.Match[str], number: int, conversation: Conversation) -> None:
    choice = conversation.offered
    if number == -1:
        latest = re.search(YOU_SHOWED, found[0], re.I) is not None
        _put(reading, found, "last", (conversation.latest if latest else choice)[-1:])
    elif re.search(rf"\b{FILM}\b", found[0], re.I) and not any(target.moment is None for target in choice):
        videos = tuple(dict.fromkeys(target.video for target in choice))
        _put(reading, found, "ordinal", tuple(map(Target, videos[max(0, number) : number + 1])))
    else:
        targets = choice[number : number + 1] if number >= 0 else ()
        _put(reading, found, "ordinal" if number else "first", targets)


def place_of(ordinal: str) -> int:
    """Return the place that an ordinal names, from 0; the last is -1, and "0th" is none."""
    low = ordinal.lower()
    if low in ("last", "latest", "final"):
        return -1
    if low[0].isdigit():
        return int(low[:-2]) - 1 if int(low[:-2]) else -2
    return ORDINALS.index(low)


_NARROWS = re.compile(r"\W*(?:and |but )?(?:only|just|without) the ones\b", re.I)


def _among(reading: Reading, conversation: Conversation) -> None:
    latest = conversation.latest
    if len(latest) < 2 or _NARROWS.match(reading.text):
        return
    patterns = (AMONG, THE_ONE, ADJECTIVE_ONE)
    if found := next((found for pattern in patterns if (found := pattern.search(reading.text))), None):
        kept = found.groupdict().get("what") or ""
        text = reading.text
        reading.text = f"{text[: found.end()]} {kept}{text[found.end() :]}" if kept else text
        _put(reading, found, "among", latest)


def _other(reading: Reading, conversation: Conversation) -> None:
    if found := OTHER.search(reading.text):
        rest = found["rest"]
        if rest.startswith(found[0]):
            rest = rest[len(found[0]) :]
        if not re.match(r"\s+(?:man|woman|boy|girl|dog|cat|side|end|day|hand|people|person|kid|child)\b", rest, re.I):
            inside = re.search(r"\bin\s+$", reading.text[: found.start()], re.I) is not None
            _put(reading, found, "other", others(conversation, bool(found["film"]), bool(found["two"]), inside))


def others(conversation: Conversation, film: bool, several: bool, inside: bool) -> tuple[Target, ...]:
    """Return what is other than what the talk is at: a video, or one of two moments; several where it is open."""
    here = conversation.latest[:1]
    choice = conversation.choice if set(here) <= set(conversation.choice) else ()
    left = tuple(target for target in choice if target not in here)
    whole = not any(target.moment for target in conversation.latest) or (inside and len(left) != 1)
    if several and left:
        return left
    if film or whole or not left:
        at = conversation.named[-1:] if film or inside else tuple(target.video for target in here)
        earlier = [video for video in conversation.named if video not in at]
        return (Target(earlier[-1]),) if earlier else ()
    return left


def _same_video(reading: Reading, conversation: Conversation) -> None:
    named = conversation.named
    targets = (Target(named[-1]),) if named else ()
    if (found := SAME.search(reading.text)) or (found := THE_FILM.search(reading.text)):
        if targets or not OF_A_FILM.search(reading.text[: found.start()]):
            _put(reading, found, "same_video", targets)
    elif targets and (found := IN_IT.search(reading.text)) and not re.search(f"{NAME}|{REFERENCE}", reading.text):
        before = reading.text[: found.start()]
        held = HOLDS.search(before) or (not words(before)[2:] and HOLDER.search(conversation.query))
        if not held:
            _put(reading, found, "same_video", targets)


def _that(reading: Reading, conversation: Conversation) -> None:
    latest = conversation.latest
    if (found := CLIP.search(reading.text)) and len(latest) > 1 and conversation.video:
        _put(reading, found, "same_video", (Target(conversation.video),))
        return
    if found := AFTER_WAY.search(reading.text) or COMPARED.search(reading.text):
        plural = found["what"].lower() in ("these", "those")
        reading.put(
            found.start("what"),
            found.end("what"),
            reference_to("that", found["what"], latest if plural else latest[:1]),
        )
    if re.search(REFERENCE, reading.text):
        return
    ways: tuple[tuple[re.Pattern[str], Callable[[], tuple[Target, ...]]], ...] = (
        (THOSE, lambda: _those(reading, conversation)),
        (THAT, lambda: latest[:1]),
        (AGAIN, lambda: latest[:1]),
        (NOUN, lambda: latest if _plural(NOUN, reading.text) else latest[:1]),
        (THAT_NOUN, lambda: latest[:1]),
        (THERE, lambda: latest[:1]),
        (BARE, lambda: latest if _plural(BARE, reading.text) else latest[:1]),
    )
    for pattern, targets in ways:
        if (found := pattern.search(reading.text)) and (latest or pattern is not THERE):
            if pattern in (THERE, BARE, AGAIN) and re.search(NAME, reading.text):
                return
            part = next((name for name, value in found.groupdict().items() if value), None)
            start, end = found.span(part) if part else found.span()
            reading.put(start, end, reference_to("that", found[0], targets()))
            return


def _plural(pattern: re.Pattern[str], text: str) -> bool:
    found = pattern.search(text)
    return found is not None and re.search(r"\b(?:these|those)\b", found[0], re.I) is not None


def _those(reading: Reading, conversation: Conversation) -> tuple[Target, ...]:
    """Return what "those" means: all of the latest shown; "those two" reaches further back where it must."""
    found = THOSE.search(reading.text)
    number = next((n for n, word in enumerate(NUMBERS) if found and word in found[0].lower().split()), 0)
    if "both" in (found[0].lower() if found else ""):
        number = 2
    if len(conversation.latest) >= number:
        return conversation.latest
    return conversation.choice if len(conversation.choice) == number else conversation.all_shown[-number:]


def excludes_others(reading: Reading, conversation: Conversation) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Take "another one" and "other films" out; return the moments and the videos that they exclude."""
    if found := OTHERS.search(reading.text):
        before, after = reading.text[: found.start()], reading.text[found.end() :]
        kept = "films" if LEFT.search(before) else ""
        reading.text = f"{before} {kept}{after}"
        video = conversation.video or (conversation.named[-1] if conversation.named else None)
        return (), (video,) if video else ()
    if (found := ANOTHER.search(reading.text)) and conversation.latest:
        reading.cut(*found.span())
        return tuple(target.moment for target in conversation.latest if target.moment), ()
    return (), ()
