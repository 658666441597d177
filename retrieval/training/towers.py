"""The vision tower of a CLIP under the names of open_clip and of transformers; the weights are the same."""

from collections.abc import Mapping

import torch

TowerState = dict[str, torch.Tensor]
_WHOLE = {
    "class_embedding": "embeddings.class_embedding",
    "conv1.weight": "embeddings.patch_embedding.weight",
    "positional_embedding": "embeddings.position_embedding.weight",
    **{f"ln_pre.{kind}": f"pre_layrnorm.{kind}" for kind in ("weight", "bias")},
    **{f"ln_post.{kind}": f"post_layernorm.{kind}" for kind in ("weight", "bias")},
}
_PARTS = {
    "attn.out_proj": "self_attn.out_proj",
    "ln_1": "layer_norm1",
    "ln_2": "layer_norm2",
    "mlp.c_fc": "mlp.fc1",
    "mlp.c_proj": "mlp.fc2",
}


def tower_of(visual: Mapping[str, torch.Tensor], layers: int) -> TowerState:
    """Return the weights of an open_clip vision tower under the names of transformers' CLIPVisionModel."""
    found = {new: visual[old] for old, new in _names(layers).items()}
    for old, news in _attention(layers).items():
        found.update(zip(news, visual[old].chunk(3), strict=True))
    return {name: weights.clone() for name, weights in found.items()}


def visual_of(tower: Mapping[str, torch.Tensor], layers: int) -> TowerState:
    """Return the weights of transformers' CLIPVisionModel under the names of open_clip: all but the projection."""
    found = {old: tower[new].clone() for old, new in _names(layers).items()}
    return found | {old: torch.cat([tower[new] for new in news]) for old, news in _attention(layers).items()}


def _names(layers: int) -> dict[str, str]:
    """Return what is one tensor in both, by open_clip's name."""
    return _WHOLE | {
        f"{_old(layer)}.{old}.{kind}": f"{_new(layer)}.{new}.{kind}"
        for layer in range(layers)
        for old, new in _PARTS.items()
        for kind in ("weight", "bias")
    }


def _attention(layers: int) -> dict[str, tuple[str, ...]]:
    """Return open_clip's name of queries, keys and values together, with transformers' three names."""
    return {
        f"{_old(layer)}.attn.in_proj_{kind}": tuple(f"{_new(layer)}.self_attn.{part}_proj.{kind}" for part in "qkv")
        for layer in range(layers)
        for kind in ("weight", "bias")
    }


def _old(layer: int) -> str:
    return f"transformer.resblocks.{layer}"


def _new(layer: int) -> str:
    return f"encoder.layers.{layer}"
