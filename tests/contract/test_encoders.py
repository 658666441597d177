"""One suite for every encoder: the weight-free ones that ship, MiniLM from its package, CLIP from a file of weights."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from retrieval.encoders.base import ClipEncoder, ImageEncoder, TextEncoder
from retrieval.encoders.canary import check_clip_encoder, check_image_encoder, check_text_encoder, pictures
from retrieval.encoders.hashing import HashingClipEncoder, HashingImageEncoder, HashingTextEncoder
from retrieval.encoders.lazy import Encoders
from retrieval.errors import MissingModel, UnfitEncoder
from retrieval.spaces import Space, Vectors, unit


def sentence_model() -> TextEncoder:
    """Return the packaged model as any other of its form is read."""
    from retrieval.encoders.minilm import packaged
    from retrieval.encoders.sentence_model import SentenceModel

    return SentenceModel(str(packaged()))


@pytest.fixture(
    params=["hashing", *(pytest.param(name, marks=pytest.mark.models) for name in ("minilm", "sentence model"))]
)
def text_encoder(request: pytest.FixtureRequest) -> TextEncoder:
    if request.param == "hashing":
        return HashingTextEncoder()
    if request.param == "sentence model":
        return sentence_model()
    from retrieval.encoders.minilm import MiniLM

    return MiniLM()


@pytest.fixture(params=["hashing", pytest.param("clip", marks=pytest.mark.models)])
def image_encoder(request: pytest.FixtureRequest) -> ImageEncoder:
    if request.param == "hashing":
        return HashingImageEncoder()
    from retrieval.encoders.clip import OpenClip

    return OpenClip(*map(str, request.getfixturevalue("tiny_clip")))


@pytest.fixture(params=[HashingClipEncoder])
def clip_encoder(request: pytest.FixtureRequest) -> ClipEncoder:
    encoder: ClipEncoder = request.param()
    return encoder


def assert_fit(vectors: Vectors, count: int, space: Space) -> None:
    assert vectors.dtype == np.float32
    assert vectors.shape == (count, space.dimension)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(count), abs=1e-4)


def test_texts_become_unit_vectors_of_the_space(text_encoder: TextEncoder) -> None:
    assert_fit(text_encoder.encode(["a dog", "", "?!", "东京", "\ud800"]), 5, text_encoder.space)
    assert_fit(text_encoder.encode([]), 0, text_encoder.space)


def test_a_batch_gives_what_single_texts_give(text_encoder: TextEncoder) -> None:
    texts = [f"a dog and {i} cats sit in the garden" * (1 + i % 3) for i in range(70)]
    together = text_encoder.encode(texts)
    assert together[66] == pytest.approx(text_encoder.encode([texts[66]])[0], abs=1e-4)


def test_texts_that_share_words_are_nearer(text_encoder: TextEncoder) -> None:
    dog, dogs, ship = text_encoder.encode(["A dog runs.", "Two dogs run.", "The ship leaves port."])
    assert dog @ dogs > dog @ ship + 0.2


def test_pieces_hold_all_words_and_no_piece_is_too_long(text_encoder: TextEncoder) -> None:
    text = " ".join(f"word{i}" for i in range(500))
    pieces = text_encoder.pieces(text, 100)
    assert len(pieces) >= 5
    assert "".join(pieces).replace(" ", "") == text.replace(" ", "")


def test_a_text_encoder_takes_no_jumble_for_a_word(text_encoder: TextEncoder) -> None:
    assert not [word for word in ("daultrey", "wokrshop", "xqzvk") if text_encoder.knows(word)]


@pytest.mark.models
def test_common_words_and_their_forms_are_known() -> None:
    from retrieval.encoders.minilm import MiniLM

    encoder = MiniLM()
    assert all(encoder.knows(word) for word in ("shower", "swords", "casually", "imagination"))


def test_a_text_encoder_passes_the_canary(text_encoder: TextEncoder) -> None:
    check_text_encoder(text_encoder)


def test_pictures_and_texts_become_unit_vectors_of_one_space(image_encoder: ImageEncoder) -> None:
    images = [
        Image.new("RGB", (40, 30), "red"),
        Image.new("L", (7, 9), 200),
        Image.new("RGBA", (64, 64), (0, 0, 255, 9)),
    ]
    assert_fit(image_encoder.encode_images(images), 3, image_encoder.space)
    assert_fit(image_encoder.encode_texts(["red", "", "\ud800", "a red dog " * 50]), 4, image_encoder.space)
    assert_fit(image_encoder.encode_images([]), 0, image_encoder.space)


def test_many_pictures_are_encoded_in_batches(image_encoder: ImageEncoder) -> None:
    images = pictures() * 9
    assert image_encoder.encode_images(images)[70] == pytest.approx(
        image_encoder.encode_images([images[70]])[0], abs=1e-4
    )


def test_a_picture_encoder_knows_which_words_it_was_taught(image_encoder: ImageEncoder) -> None:
    assert image_encoder.taught("red")


@pytest.mark.models
def test_clip_with_a_list_of_words_was_taught_no_others() -> None:
    from bot.bootstrap import model_paths
    from bot.settings import load
    from retrieval.encoders.clip import OpenClip

    files = model_paths(load(models="demo"))
    clip = OpenClip(str(files.clip_model), str(files.clip_weights))
    assert [word for word in ("dog", "harbour", "Bicycle,", "violin", "penguin") if clip.taught(word)] == [
        "dog",
        "harbour",
        "Bicycle,",
    ]


def test_the_picture_encoder_without_weights_passes_the_canary() -> None:
    check_image_encoder(HashingImageEncoder())


def test_clips_and_texts_become_unit_vectors_of_one_space(clip_encoder: ClipEncoder) -> None:
    red, blue = Image.new("RGB", (40, 30), "red"), Image.new("L", (7, 9), 200)
    assert_fit(clip_encoder.encode_clips([[red], [red, blue], [red] * clip_encoder.frames * 3]), 3, clip_encoder.space)
    assert_fit(clip_encoder.encode_texts(["red", "", "\ud800", "a red dog " * 50]), 4, clip_encoder.space)
    assert_fit(clip_encoder.encode_clips([]), 0, clip_encoder.space)
    assert_fit(clip_encoder.encode_texts([]), 0, clip_encoder.space)
    assert clip_encoder.frames >= 1


def test_a_clip_has_an_order_and_a_batch_gives_what_single_clips_give(clip_encoder: ClipEncoder) -> None:
    red, blue = Image.new("RGB", (40, 30), "red"), Image.new("RGB", (40, 30), "blue")
    there, back = clip_encoder.encode_clips([[red, blue], [blue, red]])
    assert there @ back < 0.99
    assert there == pytest.approx(clip_encoder.encode_clips([[red, blue]])[0], abs=1e-4)


def test_a_clip_encoder_passes_the_canary(clip_encoder: ClipEncoder) -> None:
    check_clip_encoder(clip_encoder)


@pytest.mark.models
def test_a_text_model_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    from retrieval.encoders.sentence_model import SentenceModel

    with pytest.raises(MissingModel, match="VDIALOG_TEXT_MODEL|cannot be loaded"):
        SentenceModel(str(tmp_path / "nosuch"))


class Blind:
    """An encoder whose outputs are what it is told, whatever comes in."""

    def __init__(self, make: Callable[[int], Vectors]) -> None:
        self._make = make
        self.space = Space("blind", 8)

    def encode(self, texts: list[str]) -> Vectors:
        return self._make(len(texts))

    frames = 1
    encode_texts = encode_images = encode_clips = encode

    def pieces(self, text: str, size: int) -> list[str]:
        return [text]

    def knows(self, word: str) -> bool:
        return False


NOISE = np.random.default_rng(0).standard_normal((100, 8)).astype(np.float32)


@pytest.mark.parametrize(
    ("make", "fault"),
    [
        (lambda n: unit(np.ones((n, 8), np.float32) + 0.01 * NOISE[:n]), "same vector"),
        (lambda n: np.full((n, 8), np.nan, np.float32), "not numbers"),
        (lambda n: 3 * unit(NOISE[:n]), "unit length"),
        (lambda n: np.zeros((n, 8), np.float32), "unit length"),
    ],
)
def test_the_canary_refuses_an_encoder_that_tells_nothing_apart(make: Callable[[int], Vectors], fault: str) -> None:
    with pytest.raises(UnfitEncoder, match=fault):
        check_text_encoder(Blind(make))
    with pytest.raises(UnfitEncoder, match=fault):
        check_image_encoder(Blind(make))
    with pytest.raises(UnfitEncoder, match=fault):
        check_clip_encoder(Blind(make))


def test_a_library_never_uses_an_encoder_that_the_canary_refuses() -> None:
    encoders = Encoders(lambda: Blind(lambda n: np.ones((n, 8), np.float32) / np.float32(8**0.5)))
    with pytest.raises(UnfitEncoder):
        _ = encoders.text
