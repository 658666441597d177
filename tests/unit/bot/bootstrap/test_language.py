import pytest

from bot.bootstrap.language import chat_model
from bot.bootstrap.planning import planner
from bot.dialogue.model_planner import ModelPlanner
from bot.dialogue.planner import RulePlanner
from bot.errors import ConfigurationError
from bot.settings import Settings, load
from tests.unit.bot.vision.faulty_server import faulty


def settings(**given: object) -> Settings:
    return load(chat_model="qwen", planner="ollama", **given)


def test_rules_plan_unless_a_model_is_set() -> None:
    assert isinstance(planner(load()), RulePlanner)
    assert isinstance(planner(settings()), ModelPlanner)


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "http://localhost:9", "http://[::1]:9", "https://127.1.2.3"])
def test_this_machine_is_asked_without_a_token(url: str) -> None:
    chat_model(settings(chat_url=url), 20.0)


@pytest.mark.parametrize("url", ["http://10.0.0.7:11434", "https://models.example", "http://127.0.0.1.evil.example"])
def test_another_machine_is_asked_only_with_a_token(url: str) -> None:
    with pytest.raises(ConfigurationError, match="on another machine"):
        planner(settings(chat_url=url))
    chat_model(settings(chat_url=url.replace("http:", "https:"), chat_token="s3cret"), 20.0)


@pytest.mark.parametrize(
    "url", ["ollama", "ftp://127.0.0.1", "http://", "http://[::1", "http://a:b", "http://127.0.0.1:0"]
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(ConfigurationError, match="no address"):
        planner(settings(chat_url=url))


def test_a_model_must_be_named() -> None:
    with pytest.raises(ConfigurationError, match="none is named"):
        planner(load(planner="ollama"))


def test_the_token_is_sent_and_never_shown() -> None:
    with faulty(
        lambda request: request.reply(200, '{"message": {"role": "assistant", "content": "yes"}, "done": true}')
    ) as server:
        given = settings(chat_token="s3cret", chat_url=server.url)
        model = chat_model(given, 20.0)()
        assert model.invoke("?").text == "yes"
    assert "s3cret" not in f"{given!r} {given.chat_token} {model!r}"
    assert [headers["Authorization"] for _, _, headers in server.asked] == ["Bearer s3cret"]
