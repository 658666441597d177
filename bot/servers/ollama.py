"""What an Ollama server has: whether it is there, what it shows of a model, and how it gets one.

The `ollama` package asks, without proxies and redirects, and its replies are bounded; answers of models are not read by
it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
import ollama

from bot.servers.bounded import CONNECTING, Bounds, TooLong
from bot.servers.http import Server, short
from retrieval.errors import MissingModel

SHOWN = Bounds(seconds=10.0)
"""What a server may say of its models."""

SENDING = 120.0
"""Seconds within which a server must take a file of a small model."""

PULLING = 120.0
"""Seconds within which a server must say something new of a model that it gets."""

PULLED = Bounds(seconds=24 * 3600.0, total=2**30)
"""What a server may say while it gets a model: some words several times a second."""


def show(server: Server, name: str) -> ollama.ShowResponse:
    """Return what a server shows of a model: above all its capabilities.

    Raises:
        MissingModel: the server is not there, or does not have the model.
    """
    with client_of(server, name) as client:
        return client.show(name)


def put(server: Server, name: str, files: Sequence[Path], template: str, **parameters: float) -> None:
    """Make a model of files on a server; of one that is there already nothing is sent again.

    Args:
        server: that gets it.
        name: of the model there.
        files: in the form of llama.cpp.
        template: of its prompts, as Ollama writes it.
        parameters: with which it runs, as Ollama names them.

    Raises:
        MissingModel: the server is not there, or does not take it.
    """
    with client_of(server, name, SENDING, Bounds(SENDING)) as client:
        blobs = {path.name: client.create_blob(path) for path in files}
        client.create(name, files=blobs, template=template, parameters=parameters)


def pull(server: Server, name: str) -> Iterator[float]:
    """Let a server get a model from its registry; yield how much of the file on the way is there, 0 to 1.

    Raises:
        MissingModel: the server is not there, or cannot get it.
    """
    with client_of(server, name, PULLING, PULLED) as client:
        try:
            for part in client.pull(name, stream=True):
                if part.total:
                    yield (part.completed or 0) / part.total
        except ollama.ResponseError as error:
            raise MissingModel(f"Ollama at {server.url} cannot get {name!r}: {short(error)}") from error


def has(server: Server, name: str) -> bool:
    """Say whether a server has a model; raises MissingModel where it is not there."""
    with client_of(server, name) as client:
        return name in {(one.model or "").removesuffix(":latest") for one in client.list().models}


@contextmanager
def client_of(
    server: Server, model: str, patience: float = CONNECTING, bounds: Bounds = SHOWN
) -> Iterator[ollama.Client]:
    """Hand out a client of the `ollama` package, and translate its errors.

    Args:
        server: that is asked.
        model: that it is about, for errors.
        patience: seconds within which each next piece must come.
        bounds: of each reply.
    """
    try:
        with ollama.Client(
            host=str(server.url),
            timeout=httpx.Timeout(patience, connect=CONNECTING),
            trust_env=False,
            follow_redirects=False,
            transport=server.transport(bounds),
        ) as client:
            yield client
    except ollama.ResponseError as error:
        if error.status_code == httpx.codes.NOT_FOUND:
            raise model_not_pulled(model) from error
        raise MissingModel(f"Ollama at {server.url} does not show {model!r}: {short(error)}") from error
    except TooLong as error:
        raise MissingModel(f"what answers at {server.url} is not Ollama: {error}", _start(server)) from error
    except (ConnectionError, httpx.HTTPError) as error:
        raise MissingModel(f"Ollama does not answer at {server.url}", _start(server)) from error
    except ValueError as error:  # what came is not what Ollama sends
        raise MissingModel(f"what answers at {server.url} is not Ollama", _start(server)) from error


def _start(server: Server) -> str:
    return f"Start it: ollama serve. If it is elsewhere, set {server.settings}_URL."


def model_not_pulled(model: str) -> MissingModel:
    """Return the error of a model that a server does not have."""
    return MissingModel(f"Ollama does not have the model {model!r}", f"Run: ollama pull {model}")
