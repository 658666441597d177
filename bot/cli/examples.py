"""One or two examples for each command's help; a test runs all of them, in this order, in a plain shell.

They work on the sample films, on a library that holds them: `vdialog demo --all` says where these are.
"""

from typing import Any

from typer.core import TyperCommand

from bot.cli.program import NAME, command_name

EXAMPLES: dict[str, tuple[str, ...]] = {
    "demo": ("demo",),
    "setup": ("setup", "setup --only speech --yes"),
    "ingest": ("ingest films/ --dry-run", "ingest films/"),
    "import": ("import captions.json", "cat captions.json | vdialog import - --collection more"),
    "search": ("search 'a ferry leaves the harbour'", "search ferry --video harbour-morning --from 0:10 --to 0:25"),
    "ask": ("ask 'When does the ferry to Gull Island leave?'", "ask 'What is said?' --video harbour-morning --to 0:20"),
    "chat": ("chat --plain", "echo 'Where is a ferry?' | vdialog chat --plain -c"),
    "videos list": ("videos list",),
    "videos show": ("videos show harbour-morning",),
    "videos move": ("videos move lemon-soup --collection kitchen",),
    "videos rename": ("videos rename lemon-soup soup",),
    "videos keep-texts": ("videos keep-texts harbour-morning",),
    "conversations list": ("conversations list",),
    "conversations search": ("conversations search ferry",),
    "conversations show": ("conversations show ID",),
    "conversations rename": ("conversations rename ID 'The ferry'",),
    "conversations export": ("conversations export ID --markdown", "conversations export ID -o talk.json"),
    "feedback add": ("feedback add ID good", "feedback add ID bad 'that is another boat'"),
    "feedback export": ("feedback export -o feedback.jsonl",),
    "conversations delete": ("conversations delete ID",),
    "grants add": ("grants add kitchen channel:T024/C7",),
    "grants list": ("grants list --history",),
    "grants remove": ("grants remove kitchen channel:T024/C7",),
    "slack manifest": ("slack manifest", "slack manifest > manifest.json"),
    "slack run": ("slack run",),
    "slack uploads": ("slack uploads",),
    "clip": ("clip harbour-morning:2 -o moment.mp4", "clip harbour-morning@0:05-0:12 -o stretch.mp4"),
    "reindex": ("reindex",),
    "backup": ("backup copy", "backup"),
    "restore": ("restore",),
    "doctor": ("doctor", "doctor --full"),
    "log": ("log",),
    "config show": ("config show",),
    "completion": ("completion bash", 'eval "$(vdialog completion bash)"'),
    "videos remove": ("videos remove harbour-morning", "videos remove --collection kitchen --yes"),
    "compact": ("compact",),
    "evaluate world": ("evaluate world --films 2 --questions 2 --no-vision",),
    "evaluate planner": ("evaluate planner --model NAME",),
}
"""By command; ID and NAME stand for what only the user knows. Where `vdialog` is not first, it is written out."""


def lines_of(command: str) -> list[str]:
    """Return the examples of a command as they can be typed into the shell that started this program."""
    name = command_name()
    given = [line if f"{NAME} " in line else f"{NAME} {line}" for line in EXAMPLES.get(command, ())]
    return [line.replace(f"{NAME} ", f"{name} ") for line in given]


class Exemplified(TyperCommand):
    """A command whose help ends with its examples, and with what every command takes."""

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        """Write the examples; no line is broken, so that each can be pasted."""
        lines = lines_of(ctx.command_path.partition(" ")[2])
        if lines:
            formatter.write("\nExamples:\n" + "".join(f"  {line}\n" for line in lines))
        formatter.write("\n-v says on stderr what is done, -vv says more.\n")
