"""What `vdialog doctor --mend` saved, told and as data."""

from dataclasses import asdict
from typing import TYPE_CHECKING

from bot.cli.output import plural, say
from bot.untrusted import inert_name

if TYPE_CHECKING:
    from bot.dialogue.storing.mending import MendedConversations
    from retrieval.publishing.mending import Mended


def mended_data(mended: "Mended | None") -> dict[str, object] | None:
    """Return what was mended as `doctor --mend --json` prints it, None where there was nothing to mend."""
    if mended is None:
        return None
    return {
        "kept_aside": str(mended.aside),
        "whole": list(mended.whole),
        "torn": [asdict(loss) for loss in mended.torn],
        "lost": [asdict(loss) for loss in mended.lost],
        "keyframe_folders_aside": mended.nameless,
    }


def conversations_data(mended: "MendedConversations | None") -> dict[str, object] | None:
    """Return what was mended of conversations as `doctor --mend --json` prints it, None where nothing was."""
    if mended is None:
        return None
    return {
        "kept_aside": str(mended.aside),
        "conversations": mended.conversations,
        "turns": mended.turns,
        "torn": list(mended.torn),
    }


def say_conversations(mended: "MendedConversations") -> None:
    """Say what was saved of damaged conversations."""
    say(f"The damaged conversations are kept in {mended.aside}.")
    say(f"Saved: {plural(mended.conversations, 'conversation')} with {plural(mended.turns, 'turn')}.")
    say(*(f"Turns of {inert_name(name)} are missing." for name in mended.torn), "")


def say_mended(mended: "Mended | None") -> None:
    """Say what was saved of a damaged catalogue, and what must be taken in again."""
    if mended is None:
        say("The catalogue is undamaged: nothing to mend.")
        return
    say(f"The damaged catalogue is kept in {mended.aside}.")
    say(f"Saved whole: {plural(len(mended.whole), 'video')}.")
    for what, losses in (("saved in part", mended.torn), ("lost", mended.lost)):
        for loss in losses:
            again = (
                "import its captions file" if loss.is_import else f"ingest {inert_name(str(loss.path or 'its file'))}"
            )
            say(f"{inert_name(loss.video_id)}: {what}; {again} again.")
    if mended.nameless:
        folders = plural(mended.nameless, "folder")
        say(f"{folders} of keyframes that belong to none of these were put there too.")
    if not mended.is_all:
        say("What is not named here may be lost too: ingest your folders and import your captions files again.")
    say("")
