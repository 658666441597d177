"""What people expect of any command: help, version, completion, a pipe as input, and more said where it is wanted."""

import io
import json
import re
from pathlib import Path

import pytest

from bot.cli.app import app
from tests import shells
from tests.scenario.conftest import CAPTIONS, Vdialog

COMMANDS = [(str(one.name),) for one in app.registered_commands] + [
    (str(group.name), str(one.name))
    for group in app.registered_groups
    if group.typer_instance
    for one in group.typer_instance.registered_commands
]
GROUPS = [(), *((str(group.name),) for group in app.registered_groups)]


def given(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))


def test_the_version_is_printed(vdialog: Vdialog) -> None:
    assert re.fullmatch(r"vdialog \d+\.\d+\.\d+\n", vdialog("--version").out)


@pytest.mark.parametrize("command", [*GROUPS, *COMMANDS], ids=" ".join)
def test_h_is_help_everywhere(vdialog: Vdialog, command: tuple[str, ...]) -> None:
    short, long = vdialog(*command, "-h"), vdialog(*command, "--help")
    assert (short.code, short.out) == (0, long.out)
    assert short.out.startswith(f"Usage: {' '.join(('vdialog', *command))}")
    assert max(map(len, short.out.splitlines())) <= 100


def test_v_says_what_is_done_and_nothing_of_the_library(tmp_path: Path) -> None:
    environment = shells.plain(tmp_path, VDIALOG_HOME=str(tmp_path / "home"), VDIALOG_TEXT_MODEL="hashing")
    environment["VDIALOG_CHAT_TOKEN"] = "a-secret-token"
    (tmp_path / "captions.json").write_text(json.dumps(CAPTIONS))
    said = {}
    for how in ("", "-v", "-vv"):
        lines = ("import captions.json", "ask 'Where is the onion?'", "search onion", "videos show nosuch")
        ran = [shells.shell(f"{shells.PROGRAM} {line} {how}", tmp_path, environment) for line in lines]
        said[how] = "".join(one.stderr for one in ran[:3])
        assert [one.returncode for one in ran] == [0, 0, 0, ran[3].returncode]
        assert ("catalogue/naming.py" in ran[3].stderr) == (how == "-vv")
    assert said[""] == ""
    assert "ask: exit code 0 after" in said["-v"]
    assert len(said["-vv"].splitlines()) >= len(said["-v"].splitlines()) >= 6
    assert not re.search(r"onion|woman|park|dog|secret|kitchen", said["-v"] + said["-vv"])


def test_completion_is_printed_and_really_completes_in_bash(tmp_path: Path) -> None:
    environment = shells.plain(tmp_path)
    typed = "COMP_WORDS=({words}); COMP_CWORD={at}; _vdialog_completion vdialog; printf '%s\\n' \"${{COMPREPLY[@]}}\""
    before = f'PATH="$PATH:{shells.PROGRAM.parent}"; eval "$({shells.PROGRAM} completion bash)"; '

    def completed(*words: str) -> list[str]:
        line = typed.format(words=" ".join(f'"{word}"' for word in words), at=len(words) - 1)
        ran = shells.shell(before + line, tmp_path, environment)
        assert ran.stderr == ""
        return ran.stdout.split()

    assert completed("vdialog", "vid") == ["videos"]
    assert completed("vdialog", "videos", "m") == ["move"]
    assert completed("vdialog", "ask", "--vi") == ["--video"]
    assert {"--from", "--to"} < set(completed("vdialog", "ask", "--"))
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".bash")], "nothing is installed"


@pytest.mark.parametrize("kind", ["bash", "zsh", "fish"])
def test_there_is_completion_for_three_shells(vdialog: Vdialog, kind: str) -> None:
    assert "_VDIALOG_COMPLETE" in vdialog("completion", kind).out


def test_a_question_and_words_come_from_a_pipe(library: Vdialog, monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, b"Where does a dog catch\nthe ball?\n")
    assert library("ask", "-", "--json").data["citations"][0]["moment_id"] == "park:2"
    given(monkeypatch, b"brown dog\n")
    assert library("search", "-", "--json").data["query"] == "brown dog"
    given(monkeypatch, b"\xef\xbb\xbfdog\n\nonion\n")
    found = [json.loads(line) for line in library("search", "--queries", "-").out.splitlines()]
    assert [one["query"] for one in found] == ["dog", "onion"]


def test_captions_come_from_a_pipe(vdialog: Vdialog, monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, json.dumps(CAPTIONS).encode())
    assert vdialog("import", "-", "--json").data["videos"] == len(CAPTIONS)
    given(monkeypatch, b"no json")
    refused = vdialog("import", "-", "--json")
    assert (refused.code, "'standard input' is not JSON" in refused.error["message"]) == (6, True)


@pytest.mark.parametrize(
    ("command", "content"),
    [
        (("ask", "-"), b"caf\xe9?"),
        (("search", "-"), b"\xff\xfe"),
        (("search", "--queries", "-"), b"\xff\xfe"),
        (("ask", "-"), b""),
        (("ask", "-"), b" \n"),
        (("search", "-"), b""),
    ],
)
def test_what_is_no_text_or_empty_is_wrong_usage(
    library: Vdialog, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], content: bytes
) -> None:
    given(monkeypatch, content)
    ran = library(*command, "--json")
    assert ran.code == 2 and ran.error["message"]


def test_a_closed_input_is_said(tmp_path: Path) -> None:
    environment = shells.plain(tmp_path, VDIALOG_HOME=str(tmp_path / "home"))
    ran = shells.shell(f"exec <&-; {shells.PROGRAM} ask -", tmp_path, environment)
    assert (ran.returncode, "standard input is closed" in ran.stderr) == (2, True)


@pytest.mark.parametrize("question", ["", "   ", "\n", "\x00", "\u200b"])
def test_an_empty_question_is_wrong_usage_and_no_conversation(library: Vdialog, question: str) -> None:
    ran = library("ask", question, "--json")
    assert (ran.code, ran.error["code"]) == (2, "usage")
    assert library("conversations", "list", "--json").data["conversations"] == []
