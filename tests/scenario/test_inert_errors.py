"""Ids, titles, paths and words of models in errors are as harmless as in answers: no link, mention or control sign."""

import json
import logging
import re
from pathlib import Path

import pytest

from bot.errors import Problem, problem_of
from bot.untrusted import inert_error
from tests.scenario.conftest import Vdialog
from tests.unit.bot.vision.faulty_server import faulty

PLANTED = (
    "\x1b]8;;https://evil.example\x07see\x1b[31m <!channel> <@U1> @here \u202egpj.exe\u2066\u2028www.evil.example"
    " [x](https://evil.example) javascript:alert(1) 'quoted' \"too\" https://evil.example/a?b"
)
OUR_EXAMPLE = "VIDEO@START-END, e.g. squirrel@00:02-00:06"
"""A hint of the program's own, which holds what a mention looks like."""

AS_A_NAME = PLANTED.replace("/", "\u2215").replace("https:", "mailto:")
"""The same, as a file may be called."""

LIVE = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
    r"|(?<!\w)(?:https?|mailto|javascript):(?=\S)|://|\bwww\.|@(?=\w)|<(?=[!@\w])|\]\(",
    re.IGNORECASE,
)


def live(text: str) -> list[str]:
    return [text[max(0, found.start() - 20) : found.end() + 20] for found in LIVE.finditer(text)]


def test_the_check_finds_what_is_live() -> None:
    assert len(live(PLANTED)) > 10 and len(live(AS_A_NAME)) > 10
    assert live("plain words, film.mp4 and [3]") == []


def test_an_error_is_inert_whoever_makes_it_and_names_stay_readable() -> None:
    problem = problem_of(ValueError(PLANTED))
    assert not live(problem.message) and not live(Problem("x", PLANTED, "", 1).message)
    assert Problem("x", problem.message, "", 1).message == problem.message
    said = "'captions.json' and '/films/new york.mp4' cannot be read by `vdialog ingest`: VDIALOG_HOME"
    assert inert_error(said) == said


COMMANDS = [
    ("videos", "show", PLANTED),
    ("videos", "remove", PLANTED),
    ("search", "dog", "--video", PLANTED),
    ("search", "--like", f"{PLANTED}:1"),
    ("search", "dog", "--collection", PLANTED),
    ("search", "dog", "--arm", PLANTED),
    ("search", "dog", "-k", PLANTED),
    ("search", "dog", "--from", PLANTED),
    ("search", "--image", AS_A_NAME),
    ("ask", "dog", "--conversation", PLANTED),
    ("ask", "dog", "--image", AS_A_NAME),
    ("conversations", "show", PLANTED),
    ("conversations", "rename", PLANTED, "x"),
    ("conversations", "delete", PLANTED),
    ("conversations", "export", PLANTED),
    ("clip", f"{PLANTED}:1", "-o", "x.mp4"),
    ("clip", "park:1", "-o", AS_A_NAME),
    ("ingest", AS_A_NAME),
    ("ingest", "gone " + AS_A_NAME),
    ("import", AS_A_NAME),
    ("import", "gone " + AS_A_NAME),
    ("restore", AS_A_NAME),
    ("backup", AS_A_NAME),
    ("search", f"--{PLANTED}"),
]


@pytest.mark.parametrize("as_json", [False, True], ids=["text", "json"])
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command[:2]).split("\x1b")[0])
def test_what_a_command_says_of_a_name_is_inert(
    library: Vdialog, tmp_path: Path, command: tuple[str, ...], as_json: bool
) -> None:
    (tmp_path / AS_A_NAME).write_text("no video, no picture, no captions")
    ran = library(*command, *(["--json"] if as_json else []))
    assert ran.code != 0, ran
    said = [ran.err, *([] if as_json else [ran.out])]
    if as_json:
        said = [str(value) for line in ran.err.splitlines() if line for value in json.loads(line)["error"].values()]
        said += [told["reason"] for line in ran.out.splitlines() for told in json.loads(line).get("files", [])]
    assert any(said)
    assert not live("\n".join(said).replace(OUR_EXAMPLE, ""))


@pytest.mark.parametrize("status", [200, 400, 404, 500, 503])
def test_what_a_server_of_a_model_says_is_inert(
    library: Vdialog, status: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with faulty(lambda request: request.reply(status, json.dumps({"error": PLANTED}))) as server:
        for kind in ("VISION", "CHAT"):
            monkeypatch.setenv(f"VDIALOG_{kind}_URL", server.url)
        monkeypatch.setenv("VDIALOG_CHAT_MODEL", "m")
        monkeypatch.setenv("VDIALOG_VISION", "ollama")
        monkeypatch.setenv("VDIALOG_PLANNER", "ollama")
        doctor, asked = library("doctor"), library("ask", "What happens after that?")
    assert "failed" in doctor.out
    for text in (doctor.out, doctor.err, asked.out, asked.err):
        assert not live(text.replace(server.url, ""))


def test_the_log_is_inert(capsys: pytest.CaptureFixture[str]) -> None:
    from bot.cli.failures import _Harmless

    record = logging.LogRecord("bot", logging.WARNING, "x", 1, "a model said: %s", (PLANTED,), None)
    assert not live(_Harmless("%(message)s").format(record))


def test_a_captions_file_tells_of_its_faults_inertly(library: Vdialog, tmp_path: Path) -> None:
    name = "".join(sign for sign in PLANTED if sign.isprintable())
    broken = {name: {"duration": 9, "timestamps": [[5, 1], [0, 4]], "sentences": [PLANTED, "A dog."]}}
    (tmp_path / "c.json").write_text(json.dumps(broken))
    ran = library("import", "c.json")
    assert ran.code == 6 and "Left out" in ran.out and not live(ran.out)
    told = library("import", "c.json", "--json").data["dropped"]
    assert told and not live("\n".join(told))
    (tmp_path / "d.json").write_text(json.dumps({PLANTED: {"duration": PLANTED, "timestamps": [], "sentences": []}}))
    ran = library("import", "d.json")
    assert ran.code == 6 and not live(ran.err)
