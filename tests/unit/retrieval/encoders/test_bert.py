"""The parts of a BERT are what their formulas say."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from retrieval.encoders.bert import Bert, gelu

WIDTH, WIDE, WORDS, PLACES = 8, 12, 20, 10


def written(folder: Path, **config: object) -> Path:
    """Write a BERT of two layers with random weights."""
    rng = np.random.default_rng(0)
    names = {
        "embeddings.word_embeddings.weight": (WORDS, WIDTH),
        "embeddings.position_embeddings.weight": (PLACES, WIDTH),
        "embeddings.token_type_embeddings.weight": (2, WIDTH),
        **{f"embeddings.LayerNorm.{part}": (WIDTH,) for part in ("weight", "bias")},
    }
    for layer in ("encoder.layer.0", "encoder.layer.1"):
        linear = {f"attention.self.{name}": (WIDTH, WIDTH) for name in ("query", "key", "value")} | {
            "attention.output.dense": (WIDTH, WIDTH),
            "intermediate.dense": (WIDE, WIDTH),
            "output.dense": (WIDTH, WIDE),
        }
        names |= {f"{layer}.{name}.weight": shape for name, shape in linear.items()}
        names |= {f"{layer}.{name}.bias": shape[:1] for name, shape in linear.items()}
        for norm in ("attention.output.LayerNorm", "output.LayerNorm"):
            names |= {f"{layer}.{norm}.{part}": (WIDTH,) for part in ("weight", "bias")}
    save_file(
        {name: rng.standard_normal(shape).astype(np.float32) for name, shape in names.items()},
        folder / "model.safetensors",
    )
    told = {"model_type": "bert", "hidden_act": "gelu", "num_attention_heads": 2, "num_hidden_layers": 2}
    (folder / "config.json").write_text(json.dumps({**told, "layer_norm_eps": 1e-12, **config}))
    return folder


def test_the_activation_is_x_times_the_share_of_the_normal_distribution_below_it() -> None:
    asked = np.linspace(-9, 9, 3001, dtype=np.float32)
    exact = [x * 0.5 * (1 + math.erf(x / 2**0.5)) for x in asked.tolist()]
    found = asked.copy()
    gelu(found)
    assert np.abs(found - exact).max() < 2e-6


def test_what_fills_up_a_row_changes_nothing(tmp_path: Path) -> None:
    bert = Bert(written(tmp_path))
    alone = bert(np.array([[3, 7, 1]], np.int32), np.array([3]))
    beside = bert(np.array([[3, 7, 1, 9, 9], [2, 4, 6, 8, 10]], np.int32), np.array([3, 5]))
    assert beside[0, :3] == pytest.approx(alone[0], abs=1e-5)
    assert alone.shape == (1, 3, WIDTH)


def test_order_matters(tmp_path: Path) -> None:
    bert = Bert(written(tmp_path))
    there, back = (bert(np.array([row], np.int32), np.array([2]))[0] for row in ([3, 7], [7, 3]))
    assert np.abs(there - back[::-1]).max() > 0.01


def test_many_tokens_are_read_as_few_are(tmp_path: Path) -> None:
    bert = Bert(written(tmp_path))
    tokens = np.random.default_rng(1).integers(0, WORDS, (100, 7)).astype(np.int32)
    together = bert(tokens, np.full(100, 7))
    assert together[99] == pytest.approx(bert(tokens[99:], np.array([7]))[0], abs=1e-5)


@pytest.mark.parametrize("other", [{"model_type": "roberta"}, {"hidden_act": "relu"}])
def test_another_form_is_refused(tmp_path: Path, other: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="no BERT"):
        Bert(written(tmp_path, **other))


def test_weights_that_are_cut_off_or_lack_a_layer_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="cannot be read.*layer.2"):
        Bert(written(tmp_path, num_hidden_layers=3))
    whole = (tmp_path / "model.safetensors").read_bytes()
    (tmp_path / "model.safetensors").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ValueError, match="cannot be read"):
        Bert(tmp_path)
