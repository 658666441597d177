"""The command line with a language model set: gone, on another machine, or not named."""

import socket

import pytest

from tests.scenario.conftest import Vdialog


@pytest.fixture
def nobody_listens() -> str:
    """An address of this machine at which nothing answers."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}"


@pytest.mark.parametrize("setting", ["VDIALOG_PLANNER", "VDIALOG_AGENT"])
def test_a_model_that_is_gone_leaves_the_answer_as_it_is_without(
    library: Vdialog,
    setting: str,
    nobody_listens: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    asked = ("ask", "Where does a dog catch the ball?", "--json")
    alone = library(*asked).data
    monkeypatch.setenv(setting, "ollama" if setting == "VDIALOG_PLANNER" else "true")
    monkeypatch.setenv("VDIALOG_CHAT_MODEL", "qwen3")
    monkeypatch.setenv("VDIALOG_CHAT_URL", nobody_listens)
    ran = library(*asked)
    assert ran.code == 0
    assert (ran.data["answer"], ran.data["understood"]) == (alone["answer"], alone["understood"])
    assert "cannot be asked" in caplog.text or "does not answer" in caplog.text


def test_doctor_says_what_is_missing_and_how_to_get_it(
    library: Vdialog, nobody_listens: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def found() -> dict[str, str]:
        checks: list[dict[str, str]] = library("doctor", "--json").data["checks"]
        return {check["name"]: f"{check['state']}: {check['detail']} {check['fix']}" for check in checks}

    assert "chat model" not in found()
    monkeypatch.setenv("VDIALOG_PLANNER", "ollama")
    monkeypatch.setenv("VDIALOG_CHAT_MODEL", "qwen3")
    monkeypatch.setenv("VDIALOG_CHAT_URL", nobody_listens)
    assert found()["chat model"].startswith("failed")
    assert "ollama serve" in found()["chat model"]
    assert "VDIALOG_CHAT_URL" in found()["chat model"]


@pytest.mark.parametrize(
    ("url", "model", "said"),
    [
        ("http://10.1.2.3:11434", "qwen3", "VDIALOG_CHAT_TOKEN"),
        ("http://127.0.0.1:11434", "", "VDIALOG_CHAT_MODEL"),
        ("somewhere", "qwen3", "http://127.0.0.1:11434"),
    ],
)
def test_settings_that_cannot_be_used_are_named_with_what_mends_them(
    library: Vdialog, url: str, model: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VDIALOG_PLANNER", "ollama")
    monkeypatch.setenv("VDIALOG_CHAT_URL", url)
    monkeypatch.setenv("VDIALOG_CHAT_MODEL", model)
    ran = library("ask", "Where is a dog?", "--json")
    assert ran.code == 3
    assert ran.error["code"] == "configuration"
    assert said in ran.error["hint"]
    planner = library("config", "show", "--json").data["planner"]
    assert planner["uses"] is None
    assert planner["why"]
