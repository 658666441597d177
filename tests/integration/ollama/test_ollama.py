"""What a real Ollama does in every case that surprises, and what we make of it."""

import io
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import ollama
import pytest
from PIL import Image
from pydantic import SecretStr

from bot import bootstrap, settings
from bot.errors import PromptTooLong, VisionBadReply, VisionTruncated, VisionUnreachable
from bot.servers.http import Server
from bot.servers.queue import Queue
from bot.vision.base import VisionModel
from bot.vision.guard import Guarded
from bot.vision.ollama import Ollama, request
from bot.vision.openai import OpenAI
from retrieval.errors import MissingModel
from tests.integration.ollama.server import OllamaServer, running
from tests.integration.ollama.tiny_llava import COLOURS, write

pytestmark = pytest.mark.ollama

RED, BLUE = Image.new("RGB", (640, 480), "red"), Image.new("RGB", (64, 64), "blue")
RED_SEEN, BLUE_SEEN = "It shows one red picture.", "It shows one blue picture."


def at(server: OllamaServer, patience: float = 60) -> Server:
    return Server(server.url, SecretStr(""), patience)


def openai_at(server: OllamaServer) -> Server:
    return Server(f"{server.url}/v1", SecretStr(""), 60)


@pytest.fixture(params=["ollama", "openai"])
def model(request: pytest.FixtureRequest, ollama_server: OllamaServer) -> VisionModel:
    if request.param == "openai":
        return Guarded(OpenAI(openai_at(ollama_server), "tiny-llava"))
    return Guarded(Ollama(at(ollama_server), "tiny-llava"))


@pytest.fixture
def client(ollama_server: OllamaServer) -> Iterator[ollama.Client]:
    with ollama.Client(host=ollama_server.url, trust_env=False) as made:
        yield made


@pytest.mark.parametrize("colour", COLOURS)
def test_the_right_picture_arrives(model: VisionModel, colour: str) -> None:
    (said,) = model.ask_each([("What is there?", Image.new("RGB", (320, 200), tuple(channel(COLOURS[colour]))))])
    assert said.text == f"It shows one {colour} picture."
    assert said.confidence is not None and 0.3 < said.confidence < 1.0


def channel(signs: tuple[int, ...]) -> Iterator[int]:
    return (255 if sign > 0 else 0 for sign in signs)


def test_a_picture_from_a_webp_file_is_sent_as_jpeg(model: VisionModel) -> None:
    kept = io.BytesIO()
    RED.save(kept, "WEBP")
    assert "".join(model.answer("What?", [Image.open(kept)])) == RED_SEEN


def test_a_damaged_picture_never_reaches_the_server_which_goes_on(model: VisionModel) -> None:
    noise = io.BytesIO()
    Image.effect_noise((300, 300), 90).save(noise, "JPEG")
    torn = Image.open(io.BytesIO(noise.getvalue()[: len(noise.getvalue()) // 2]))
    with pytest.raises(VisionBadReply, match="truncated"):
        list(model.answer("What?", [torn]))
    assert "".join(model.answer("What?", [BLUE])) == BLUE_SEEN


@pytest.mark.parametrize(
    "mark", ["[img-0]", "[img-7]", "[img", "</s>", "<s>", "<image>", "<unk>", "[img-0] </s> [img-1]"]
)
def test_a_mark_in_a_text_is_no_mark(model: VisionModel, mark: str) -> None:
    asked = f"The subtitles say {mark} here. What is there?"
    assert "".join(model.answer(asked, [RED])) == RED_SEEN
    assert "".join(model.answer(asked, [])) == "It shows no picture."


def test_a_model_that_does_not_see_is_refused_before_it_is_asked(ollama_server: OllamaServer) -> None:
    with pytest.raises(MissingModel, match="'tiny-text' of Ollama does not see pictures") as raised:
        Ollama(at(ollama_server), "tiny-text")
    assert "ollama pull llava" in raised.value.hint
    with pytest.raises(MissingModel, match="does not see pictures"):
        OpenAI(openai_at(ollama_server), "tiny-text")


def test_an_unknown_model_says_how_to_get_it(ollama_server: OllamaServer, client: ollama.Client) -> None:
    with pytest.raises(MissingModel) as raised:
        Ollama(at(ollama_server), "bakllava")
    assert raised.value.hint == "Run: ollama pull bakllava"
    client.copy("tiny-llava", "soon-gone")
    model = Ollama(at(ollama_server), "soon-gone")
    client.delete("soon-gone")
    with pytest.raises(MissingModel, match="soon-gone"):
        list(model.answer("What?", [RED]))


def test_what_does_not_fit_is_refused_and_nothing_of_it_is_cut(ollama_server: OllamaServer) -> None:
    model = Guarded(Ollama(at(ollama_server), "tiny-llava", context=2048))
    with pytest.raises(PromptTooLong, match="reads 2048 tokens"):
        list(model.answer("word " * 600, [RED]))  # three thousand tokens, as this model counts letters
    assert "".join(model.answer("word " * 240, [RED])) == RED_SEEN


def test_the_context_is_set_and_never_too_small_for_pictures(
    ollama_server: OllamaServer, client: ollama.Client
) -> None:
    list(Ollama(at(ollama_server), "tiny-llava", context=16).answer("What?", [RED]))
    assert contexts(client) == {2048}
    model = Ollama(at(ollama_server), "tiny-llava", context=10**6)  # the model itself has 8192
    list(model.answer("What?", [RED]))
    model.ask_each([("What?", RED)])
    assert contexts(client) == {8192}


def contexts(client: ollama.Client) -> set[int | None]:
    return {one.context_length for one in client.ps().models if "tiny-llava" in (one.model or "")}


def test_an_answer_without_end_is_cut_and_one_that_breaks_off_is_none(
    ollama_server: OllamaServer, tmp_path: Path
) -> None:
    said = "".join(Ollama(at(ollama_server), "tiny-babble").answer("Go on", []))
    assert 200 < len(said.split()) <= 256
    ollama_server.create("tiny-parrot", *write(tmp_path, parrot=True), template="{{ .Prompt }}>")
    with pytest.raises(VisionTruncated, match="no end came"):  # the server gives up after thirty equal tokens
        list(Ollama(at(ollama_server), "tiny-parrot").answer("Go on", []))


def test_closing_stops_the_server_whatever_it_was_saying(ollama_server: OllamaServer) -> None:
    body = request("tiny-babble", "Go on", [], most=10**6, context=4096)
    lines = at(ollama_server).lines("tiny-babble", "api/chat", body)
    assert [next(lines) for _ in range(3)]
    lines.close()
    model = Ollama(
        at(ollama_server, patience=20), "tiny-babble"
    )  # would wait behind it: one slot, first come first served
    assert "".join(model.answer("Go on", []))


def test_those_who_wait_are_told_and_served_in_their_order(ollama_server: OllamaServer) -> None:
    queue, model, served = Queue(), Ollama(at(ollama_server), "tiny-llava"), list[str]()
    told: dict[str, list[int]] = {}
    arrived = {name: threading.Event() for name in ("first", "second", "third")}

    def ask(name: str) -> str:
        with queue.place() as place:
            arrived[name].set()
            told[name] = list(place.wait())
            said = "".join(model.answer("What?", [RED]))
            served.append(name)
        return said

    with ThreadPoolExecutor() as pool:
        with queue.place():
            asked = []
            for name, event in arrived.items():
                asked.append(pool.submit(ask, name))
                assert event.wait(30)
        assert {one.result(60) for one in asked} == {RED_SEEN}
    assert served == ["first", "second", "third"]
    assert told["first"] in ([], [1])
    assert told["third"][0] >= told["third"][-1] >= 1


def test_the_picture_comes_before_the_text(client: ollama.Client, ollama_server: OllamaServer) -> None:
    body = request("tiny-llava", "What is there?", [RED], most=8, context=4096) | {"_debug_render_only": True}
    rendered = at(ollama_server).json("tiny-llava", "POST", "api/chat", body | {"stream": False})["_debug_info"]
    assert rendered["image_count"] == 1
    assert rendered["rendered_template"] == "USER: [img-0]What is there?\nASSISTANT:"


def test_the_model_is_kept_in_memory_between_turns(client: ollama.Client, ollama_server: OllamaServer) -> None:
    list(Ollama(at(ollama_server), "tiny-llava").answer("What?", []))
    until = max(one.expires_at.timestamp() for one in client.ps().models if one.expires_at)
    assert 500 < until - time.time() <= 601


def test_a_server_that_is_killed_between_two_turns_and_comes_back(tmp_path: Path, ollama_server: OllamaServer) -> None:
    with running(tmp_path) as first:
        model = Guarded(Ollama(at(first), "tiny-llava"))
        assert "".join(model.answer("What?", [RED])) == RED_SEEN
        first.kill()
        with pytest.raises(VisionUnreachable, match=first.url):
            list(model.answer("What?", [RED]))
    again = OllamaServer(tmp_path / "server", first.port)
    try:
        again.wait()
        assert "".join(model.answer("What?", [BLUE])) == BLUE_SEEN
    finally:
        again.stop()


def test_a_server_that_is_killed_in_mid_answer_breaks_it_off(tmp_path: Path, ollama_server: OllamaServer) -> None:
    with running(tmp_path) as server:
        body = request("tiny-babble", "Go on", [], most=10**6, context=4096)
        lines = at(server).lines("tiny-babble", "api/chat", body)
        next(lines)
        server.kill()
        with pytest.raises(VisionTruncated):
            list(lines)


@pytest.mark.parametrize("runs", ["ollama", "openai"])
def test_settings_lead_to_it(ollama_server: OllamaServer, runs: str) -> None:
    url = ollama_server.url + ("/v1" if runs == "openai" else "")
    chosen = settings.load(vision=runs, vision_url=url, vision_model="tiny-llava", vision_captions=True)
    load = bootstrap.vision_model(chosen)
    assert load is not None
    captioner = bootstrap.captioner(chosen, load)
    assert captioner is not None
    assert [one.text for one in captioner.describe([RED, BLUE])] == [RED_SEEN, BLUE_SEEN]
    assert load() is load()
