"""The small LLaVA in the files that llama.cpp reads, so that an Ollama server can run it.

What differs there, and how it is met:

- A language model is given one token a patch. This tower gives one more, that of the whole picture, which comes first
  and which the answers need. It takes the place of the first patch, a corner: its row in the table of positions holds
  the whole picture's start, so large that after the first norm nothing is left of the corner.
- The last block of a tower is left out, so one is added.
- Words are whole, as in the model's own tokenizer; but only small letters are known.
- Pictures are padded to a square, and this model was trained on pictures resized to one: resize them before.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]
Weights = dict[str, Array]

CONTEXT = 4096
"""Said of the language model: servers count pictures as larger than they are."""

LOUD = 1000.0
"""How much larger the start of the whole picture is than what a corner of the picture adds to it."""

TEMPLATE = "{{ range .Messages }}user {{ .Content }} assistant{{ end }}"
NORMAL, UNKNOWN, CONTROL = 1, 2, 3


def write(llava: Path, folder: Path) -> tuple[Path, Path]:
    """Convert the model in the folder `llava`; return the paths of its language model and of its tower."""
    from safetensors.numpy import load_file

    folder.mkdir(parents=True, exist_ok=True)
    config = json.loads((llava / "config.json").read_text())
    weights = {name: held.astype(np.float32) for name, held in load_file(llava / "model.safetensors").items()}
    pictures = json.loads((llava / "processor_config.json").read_text())["image_processor"]
    language, tower = folder / "demo-llm.gguf", folder / "demo-mmproj.gguf"
    _write_language(language, weights, config["text_config"], json.loads((llava / "tokenizer.json").read_text()))
    _write_tower(tower, weights, config, pictures)
    return language, tower


def _of(weights: Weights, end: str) -> Array:
    """Return the one weight whose name ends so."""
    (found,) = (held for name, held in weights.items() if name.endswith(end))
    return np.ascontiguousarray(found)


def _turned(weight: Array, heads: int) -> Array:
    """Return queries or keys with the halves of each head interleaved, as llama.cpp turns them by position."""
    rows, width = weight.shape
    return weight.reshape(heads, 2, rows // heads // 2, width).swapaxes(1, 2).reshape(rows, width)


def _write_language(path: Path, weights: Weights, config: dict[str, Any], words: dict[str, Any]) -> None:
    import gguf

    writer, heads = gguf.GGUFWriter(path, "llama"), config["num_attention_heads"]
    writer.add_name("demo-llava")
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(config["hidden_size"])
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(heads)
    writer.add_head_count_kv(heads)
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_rope_dimension_count(config["head_dim"])
    writer.add_rope_freq_base(config["rope_parameters"]["rope_theta"])
    writer.add_vocab_size(config["vocab_size"])
    _add_words(writer, words, config)
    writer.add_tensor("token_embd.weight", _of(weights, "embed_tokens.weight"))
    writer.add_tensor("output_norm.weight", _of(weights, "model.norm.weight"))
    names = {
        "attn_norm": "input_layernorm",
        "attn_q": "self_attn.q_proj",
        "attn_k": "self_attn.k_proj",
        "attn_v": "self_attn.v_proj",
        "attn_output": "self_attn.o_proj",
        "ffn_norm": "post_attention_layernorm",
        "ffn_gate": "mlp.gate_proj",
        "ffn_up": "mlp.up_proj",
        "ffn_down": "mlp.down_proj",
    }
    for layer in range(config["num_hidden_layers"]):
        for name, own in names.items():
            held = _of(weights, f"language_model.model.layers.{layer}.{own}.weight")
            writer.add_tensor(
                f"blk.{layer}.{name}.weight", _turned(held, heads) if name in ("attn_q", "attn_k") else held
            )
    _finish(writer)


def _add_words(writer: Any, words: dict[str, Any], config: dict[str, Any]) -> None:
    """Add the vocabulary: whole words, each with the space before it."""
    special = {one["id"]: one["content"] for one in words["added_tokens"]}
    unknown = words["model"]["vocab"][words["model"]["unk_token"]]
    by_id = {number: word for word, number in words["model"]["vocab"].items()}
    ids = range(config["vocab_size"])
    writer.add_tokenizer_model("t5")
    writer.add_token_list([special.get(n, f"▁{by_id.get(n, f'unused {n}')}") for n in ids])
    writer.add_token_scores([0.0] * len(ids))
    writer.add_token_types([UNKNOWN if n == unknown else CONTROL if n in special else NORMAL for n in ids])
    writer.add_bos_token_id(config["bos_token_id"])
    writer.add_eos_token_id(config["eos_token_id"])
    writer.add_unk_token_id(unknown)
    writer.add_pad_token_id(config["pad_token_id"])
    writer.add_add_bos_token(True)
    writer.add_add_eos_token(False)
    writer.add_add_space_prefix(True)
    writer.add_remove_extra_whitespaces(True)


def _write_tower(path: Path, weights: Weights, config: dict[str, Any], pictures: dict[str, Any]) -> None:
    import gguf

    seen, eyes = config["vision_config"], {name: held for name, held in weights.items() if "vision_tower" in name}
    writer, blocks = gguf.GGUFWriter(path, "clip"), seen["num_hidden_layers"]
    writer.add_name("demo-llava-mmproj")
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    for key, value in {"has_vision_encoder": True, "has_text_encoder": False, "has_llava_projector": True}.items():
        writer.add_bool(f"clip.{key}", value)
    writer.add_string("clip.projector_type", "mlp")
    writer.add_bool("clip.use_gelu", True)
    sizes = {"image_size": seen["image_size"], "patch_size": seen["patch_size"], "block_count": blocks + 1}
    widths = {"embedding_length": seen["hidden_size"], "feed_forward_length": seen["intermediate_size"]}
    joined = {
        "projection_dim": config["text_config"]["hidden_size"],
        "attention.head_count": seen["num_attention_heads"],
    }
    for key, number in {**sizes, **widths, **joined}.items():
        writer.add_uint32(f"clip.vision.{key}", number)
    writer.add_float32("clip.vision.attention.layer_norm_epsilon", seen["layer_norm_eps"])
    writer.add_array("clip.vision.image_mean", pictures["image_mean"])
    writer.add_array("clip.vision.image_std", pictures["image_std"])
    whole, places = _of(eyes, "class_embedding"), _of(eyes, "position_embedding.weight")
    start = np.concatenate([LOUD * (whole.reshape(1, -1) + places[:1]), places[2:]])  # (patches, width)
    writer.add_tensor("v.patch_embd.weight", _of(eyes, "patch_embedding.weight").astype(np.float16))
    writer.add_tensor("v.position_embd.weight", start)
    names = {"ln1": "layer_norm1", "ln2": "layer_norm2", "ffn_up": "mlp.fc1", "ffn_down": "mlp.fc2"}
    names |= {f"attn_{short}": f"self_attn.{short}_proj" for short in "qkv"} | {"attn_out": "self_attn.out_proj"}
    for kind in ("weight", "bias"):
        writer.add_tensor(f"v.pre_ln.{kind}", _of(eyes, f"pre_layrnorm.{kind}"))
        for block in range(blocks + 1):
            for name, own in names.items():
                held = _of(eyes, f".layers.{min(block, blocks - 1)}.{own}.{kind}")
                writer.add_tensor(f"v.blk.{block}.{name}.{kind}", held)
        for number in (0, 2):
            writer.add_tensor(f"mm.{number}.{kind}", _of(weights, f"projector.linear_{1 + number // 2}.{kind}"))
    _finish(writer)


def _finish(writer: Any) -> None:
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
