"""A LLaVA that is wired by hand, so that its answer is known: it says the colour of the picture that it was shown.

Two files, a language model and a vision tower with its projector, as a server runs them. A few weights are set, the
rest is small noise.

    the prompt ends with ":"    " It shows one red picture.", the colour that is the mean of the pictures' colours,
                                " It shows no picture." without one
    the prompt ends with ">"    nonsense words that never come to an end

Its prompt has 1 token for the beginning, one for each byte, and (56 / 14) ** 2 + 1 for each picture.
"""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]

SIZE, PATCH, SEEN_WIDTH, SEEN_INNER = 56, 14, 32, 64
WIDTH, HEADS, INNER, LAYERS, CONTEXT = 64, 4, 128, 2, 8192
HEAD = WIDTH // HEADS

COLOURS = {
    "red": (1, -1, -1),
    "green": (-1, 1, -1),
    "blue": (-1, -1, 1),
    "yellow": (1, 1, -1),
    "cyan": (-1, 1, 1),
    "magenta": (1, -1, 1),
    "white": (1, 1, 1),
    "black": (-1, -1, -1),
}
SENTENCE = ["It", "shows", "one", "no", "picture"]
BABBLE = [first + rest for first in "bdfgklmnprst" for rest in ("amo", "eli", "ino", "oru", "uba")]
WORDS = [*SENTENCE, *COLOURS, *BABBLE]
TOKENS = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256)), "▁", *(f"▁{word}" for word in WORDS)]
KINDS = [2, 3, 3] + [6] * 256 + [1] * (1 + len(WORDS))
END = 2

# What the dimensions of the residual stream mean: always on; the colour of a picture's token; the colour seen; whether
# there is a picture; the token.
ON, COLOUR, SEEN, FLAG, TOKEN = 0, slice(1, 4), slice(4, 7), 7, slice(8, None)


def write(folder: Path, parrot: bool = False) -> tuple[Path, Path]:
    """Write both files; return their paths, the language model first. A parrot's nonsense is one word for ever."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(0)
    language, tower = folder / "tiny-llm.gguf", folder / "tiny-mmproj.gguf"
    _write_language(language, rng, parrot)
    _write_tower(tower, rng)
    return language, tower


def _noise(rng: np.random.Generator, *shape: int) -> Array:
    return (0.02 * rng.standard_normal(shape)).astype(np.float32)


def _byte(letter: str) -> int:
    return 3 + ord(letter)


def _word(word: str) -> int:
    return 260 + WORDS.index(word)


def _codes(rng: np.random.Generator) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return a direction for each token, those that are wired at right angles, and that of babble."""
    width = WIDTH - TOKEN.start
    code = rng.standard_normal((len(TOKENS), width))
    code /= np.linalg.norm(code, axis=1, keepdims=True)
    basis = np.linalg.qr(rng.standard_normal((width, width)))[0]
    wired = [_byte(":"), _byte('"'), _byte("."), *(_word(word) for word in [*SENTENCE, *COLOURS])]
    code[wired] = basis[: len(wired)]
    babble = basis[len(wired)]
    code[_byte(">")] = babble
    for word in BABBLE:
        code[_word(word)] = (babble + code[_word(word)]) / np.sqrt(2)
    return code, babble


def _head(rng: np.random.Generator, code: npt.NDArray[np.float64], babble: npt.NDArray[np.float64]) -> Array:
    """Return what follows what: the grammar of the one sentence, and babble after babble."""
    head = _noise(rng, len(TOKENS), WIDTH)

    def follow(after: int, before: int, gain: float = 3.0) -> None:
        head[after, TOKEN] += gain * code[before]

    head[:260, ON] -= 10  # never a bare byte unless a grammar asks for it,
    head[[*(_byte(space) for space in " \t\n\r"), 259], ON] -= 10  # and white space last of all
    follow(_word("It"), _byte(":"))
    follow(_word("It"), _byte('"'))
    follow(_word("shows"), _word("It"))
    follow(_word("no"), _word("shows"))
    follow(_word("one"), _word("shows"), 2.4)
    head[_word("one"), FLAG] = 4
    follow(_word("picture"), _word("no"))
    for name, colour in COLOURS.items():
        follow(_word(name), _word("one"))
        head[_word(name), SEEN] = 1.5 * np.array(colour)
        follow(_word("picture"), _word(name))
    head[[END, _byte('"'), _byte(".")], ON] = 0
    follow(_byte("."), _word("picture"))
    follow(END, _byte("."))
    follow(_byte('"'), _byte("."), 2.5)  # within a JSON string the full stop closes the string
    for word in BABBLE:
        head[_word(word), TOKEN] += 3 * babble + 0.3 * rng.standard_normal(WIDTH - TOKEN.start)
    return head


def _block(rng: np.random.Generator, layer: int) -> dict[str, Array]:
    q, k, v, o = (_noise(rng, WIDTH, WIDTH) for _ in range(4))
    if layer == 0:  # the first head looks at the tokens of pictures, wherever they are:
        q[HEAD - 2, ON] = k[HEAD - 2, FLAG] = 3  # the slowest pair of positions hardly turns with distance
        for channel in range(3):
            v[channel, COLOUR.start + channel] = 1
            o[SEEN.start + channel, channel] = 1.5  # and copies their mean colour
        v[3, FLAG], o[FLAG, 3] = 1, 0.4
    ones = np.ones(WIDTH, np.float32)
    gate, up, down = _noise(rng, INNER, WIDTH), _noise(rng, INNER, WIDTH), _noise(rng, WIDTH, INNER)
    attention = {"attn_norm": ones, "attn_q": q, "attn_k": k, "attn_v": v, "attn_output": o}
    return attention | {"ffn_norm": ones, "ffn_gate": gate, "ffn_up": up, "ffn_down": down}


def _write_language(path: Path, rng: np.random.Generator, parrot: bool) -> None:
    import gguf

    code, babble = _codes(rng)
    embedding = np.zeros((len(TOKENS), WIDTH), np.float32)
    embedding[:, ON], embedding[:, TOKEN] = 4, 8 * code
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name("tiny-llava")
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(HEAD)
    writer.add_rope_freq_base(1e6)
    writer.add_vocab_size(len(TOKENS))
    writer.add_tokenizer_model("llama")
    writer.add_token_list(TOKENS)
    writer.add_token_scores([0.0] * len(TOKENS))
    writer.add_token_types(KINDS)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(END)
    writer.add_unk_token_id(0)
    writer.add_add_bos_token(True)
    writer.add_add_space_prefix(False)
    writer.add_tensor("token_embd.weight", embedding)
    writer.add_tensor("output_norm.weight", np.ones(WIDTH, np.float32))
    head = _head(rng, code, babble)
    if parrot:
        head[_word(BABBLE[0]), TOKEN] += 6 * babble
    writer.add_tensor("output.weight", head)
    for layer in range(LAYERS):
        for name, weights in _block(rng, layer).items():
            writer.add_tensor(f"blk.{layer}.{name}.weight", weights)
    _finish(writer)


def _write_tower(path: Path, rng: np.random.Generator) -> None:
    """Write a tower and a projector through which the mean colour of each patch passes unchanged."""
    import gguf

    patch = _noise(rng, SEEN_WIDTH, 3, PATCH, PATCH) * 0.05
    first, second, bias = _noise(rng, SEEN_INNER, SEEN_WIDTH), _noise(rng, WIDTH, SEEN_INNER), np.zeros(WIDTH, "f4")
    for channel in range(3):
        patch[channel], patch[channel, channel] = 0, 1 / PATCH**2
        pair, out = slice(2 * channel, 2 * channel + 2), COLOUR.start + channel
        first[pair], second[out] = 0, 0
        first[2 * channel, channel], first[2 * channel + 1, channel] = 1, -1
        second[out, 2 * channel], second[out, 2 * channel + 1] = 1, -1  # gelu(x) - gelu(-x) = x
    bias[[ON, FLAG]] = 4
    writer = gguf.GGUFWriter(path, "clip")
    writer.add_name("tiny-llava-mmproj")
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    for key, value in {"has_vision_encoder": True, "has_text_encoder": False, "has_llava_projector": True}.items():
        writer.add_bool(f"clip.{key}", value)
    writer.add_string("clip.projector_type", "mlp")
    writer.add_bool("clip.use_gelu", False)
    sizes = {"image_size": SIZE, "patch_size": PATCH, "embedding_length": SEEN_WIDTH, "projection_dim": WIDTH}
    for key, number in {
        **sizes,
        "feed_forward_length": SEEN_INNER,
        "block_count": 1,
        "attention.head_count": 2,
    }.items():
        writer.add_uint32(f"clip.vision.{key}", number)
    writer.add_float32("clip.vision.attention.layer_norm_epsilon", 1e-5)
    writer.add_array("clip.vision.image_mean", [0.5] * 3)
    writer.add_array("clip.vision.image_std", [0.5] * 3)
    writer.add_tensor("v.class_embd", np.zeros(SEEN_WIDTH, np.float32))
    writer.add_tensor("v.patch_embd.weight", patch.astype(np.float16))
    writer.add_tensor("v.position_embd.weight", np.zeros(((SIZE // PATCH) ** 2 + 1, SEEN_WIDTH), np.float32))
    square, inner = (SEEN_WIDTH, SEEN_WIDTH), {"ffn_up": (SEEN_INNER, SEEN_WIDTH), "ffn_down": (SEEN_WIDTH, SEEN_INNER)}
    shapes: dict[str, Any] = {**dict.fromkeys(("attn_q", "attn_k", "attn_v", "attn_out"), square), **inner}
    for norm in ("ln1", "ln2"):
        writer.add_tensor(f"v.blk.0.{norm}.weight", np.ones(SEEN_WIDTH, np.float32))
        writer.add_tensor(f"v.blk.0.{norm}.bias", np.zeros(SEEN_WIDTH, np.float32))
    for name, shape in shapes.items():
        writer.add_tensor(f"v.blk.0.{name}.weight", _noise(rng, *shape))
        writer.add_tensor(f"v.blk.0.{name}.bias", np.zeros(shape[0], np.float32))
    writer.add_tensor("mm.0.weight", first)
    writer.add_tensor("mm.0.bias", np.zeros(SEEN_INNER, np.float32))
    writer.add_tensor("mm.2.weight", second)
    writer.add_tensor("mm.2.bias", bias)
    _finish(writer)


def _finish(writer: Any) -> None:
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
