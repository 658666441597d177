"""Attention written out, and last blocks that work only where they are read: what makes short rows quick on a CPU.

The fused attention of torch pays for rows far longer than these, and its written-out one counts in float32: both take
twice as long or more. And of a last block nothing is read but one token, or the tokens that are followed by an answer:
what it would compute at the others is never looked at, so leaving it out changes no loss and no gradient.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import torch
from torch.nn import functional
from transformers import AttentionInterface
from transformers.models.llama.modeling_llama import rotate_half

WRITTEN_OUT = "written_out"
"""The name of `attend` among transformers' attentions. Masks must come ready: `(rows, 1, length, length)`, true where
a token sees another."""


def attend(
    queries: torch.Tensor, keys: torch.Tensor, values: torch.Tensor, seen: torch.Tensor | None = None
) -> torch.Tensor:
    """Return what each query finds, `(rows, heads, queries, width)`; `seen` is true where a query sees a key."""
    if keys.shape[1] != queries.shape[1]:
        keys, values = (part.repeat_interleave(queries.shape[1] // part.shape[1], dim=1) for part in (keys, values))
    scores = (queries * queries.shape[-1] ** -0.5) @ keys.transpose(-2, -1)
    if seen is not None:
        scores = scores + torch.zeros(seen.shape, dtype=scores.dtype, device=scores.device).masked_fill(
            ~seen, -torch.inf
        )
    found: torch.Tensor = scores.softmax(dim=-1) @ values
    return found


def at(tokens: torch.Tensor, places: torch.Tensor) -> torch.Tensor:
    """Return the tokens, `(rows, length, width)`, at some places of each row, `(rows, few)`: `(rows, few, width)`."""
    return tokens.gather(1, places[..., None].expand(-1, -1, tokens.shape[-1]))


@contextmanager
def clip_blocks(transformer: Any, places: torch.Tensor) -> Iterator[None]:
    """Let an open_clip transformer attend written out, and its last block give the tokens at `places` alone."""
    blocks = list(transformer.resblocks)
    for block in blocks:
        block.forward = partial(_clip_block, block, places if block is blocks[-1] else None)
    try:
        yield
    finally:
        for block in blocks:
            del block.forward


@contextmanager
def last_llama_layer(language: Any, places: torch.Tensor) -> Iterator[None]:
    """Let the last layer of a transformers Llama give the tokens at `places` alone, `(rows, few, width)`."""
    layer = language.layers[-1]
    layer.forward = partial(_llama_layer, layer, places)
    try:
        yield
    finally:
        del layer.forward


def _clip_block(
    block: Any, places: torch.Tensor | None, tokens: torch.Tensor, attn_mask: torch.Tensor | None = None
) -> torch.Tensor:
    normal = block.ln_1(tokens)
    seen = None if attn_mask is None else attn_mask == 0
    if places is None:
        found = _clip_attention(block.attn, normal, normal, seen)
    else:
        tokens = at(tokens, places)
        found = _clip_attention(block.attn, at(normal, places), normal, None if seen is None else seen[places][:, None])
    tokens = tokens + block.ls_1(found)
    whole: torch.Tensor = tokens + block.ls_2(block.mlp(block.ln_2(tokens)))
    return whole


def _clip_attention(
    attention: torch.nn.MultiheadAttention, asking: torch.Tensor, told: torch.Tensor, seen: torch.Tensor | None
) -> torch.Tensor:
    width, weight, bias = asking.shape[-1], attention.in_proj_weight, attention.in_proj_bias
    if asking is told:
        parts = functional.linear(told, weight, bias).chunk(3, dim=-1)
    else:
        queries = functional.linear(asking, weight[:width], bias[:width])
        parts = (queries, *functional.linear(told, weight[width:], bias[width:]).chunk(2, dim=-1))
    queries, keys, values = (_heads(part, attention.head_dim) for part in parts)
    found: torch.Tensor = attention.out_proj(_joined(attend(queries, keys, values, seen)))
    return found


def _llama_layer(
    layer: Any,
    places: torch.Tensor,
    tokens: torch.Tensor,
    attention_mask: torch.Tensor,
    position_embeddings: tuple[torch.Tensor, torch.Tensor],
    **_: Any,
) -> torch.Tensor:
    attention, normal = layer.self_attn, layer.input_layernorm(tokens)
    queries = _heads(attention.q_proj(at(normal, places)), attention.head_dim)
    keys, values = (_heads(part(normal), attention.head_dim) for part in (attention.k_proj, attention.v_proj))
    queries = _turned(queries, *(at(part.expand(len(tokens), -1, -1), places) for part in position_embeddings))
    keys = _turned(keys, *position_embeddings)
    found = attend(queries, keys, values, at(attention_mask[:, 0], places)[:, None])
    tokens = at(tokens, places) + attention.o_proj(_joined(found))
    whole: torch.Tensor = tokens + layer.mlp(layer.post_attention_layernorm(tokens))
    return whole


def _turned(heads: torch.Tensor, cosine: torch.Tensor, sine: torch.Tensor) -> torch.Tensor:
    """Return queries or keys turned by their positions (Su et al. 2021), as transformers' Llama does it."""
    half: torch.Tensor = rotate_half(heads)  # type: ignore[no-untyped-call]
    return heads * cosine[:, None] + half * sine[:, None]


def _heads(tokens: torch.Tensor, width: int) -> torch.Tensor:
    return tokens.view(*tokens.shape[:2], -1, width).transpose(1, 2)


def _joined(heads: torch.Tensor) -> torch.Tensor:
    return heads.transpose(1, 2).flatten(2)


def _written_out(
    _module: torch.nn.Module,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: torch.Tensor | None,
    **_: Any,
) -> tuple[torch.Tensor, None]:
    return attend(query, key, value, attention_mask).transpose(1, 2), None


AttentionInterface.register(WRITTEN_OUT, _written_out)
