from collections.abc import Iterator

import pytest
import torch
from torch.nn.functional import scaled_dot_product_attention
from transformers import LlamaConfig, LlamaModel

from retrieval.training.attention import WRITTEN_OUT, at, attend, last_llama_layer


@pytest.fixture(autouse=True)
def seeded() -> Iterator[None]:
    with torch.random.fork_rng():
        torch.manual_seed(3)
        yield


def test_what_is_written_out_is_what_torch_computes() -> None:
    queries, keys, values = (torch.randn(2, 4, 7, 8) for _ in range(3))
    seen = torch.ones(7, 7, dtype=torch.bool).tril()[None, None].expand(2, 1, 7, 7)
    for mask in (None, seen):
        expected = scaled_dot_product_attention(queries, keys, values, attn_mask=mask)
        assert torch.allclose(attend(queries, keys, values, mask), expected, atol=1e-6)


def test_heads_of_queries_may_share_keys() -> None:
    queries, keys, values = torch.randn(2, 4, 5, 8), torch.randn(2, 2, 5, 8), torch.randn(2, 2, 5, 8)
    expected = scaled_dot_product_attention(queries, keys, values, enable_gqa=True)
    assert torch.allclose(attend(queries, keys, values), expected, atol=1e-6)


def test_a_last_layer_read_at_few_places_gives_the_same_there_and_the_same_gradients() -> None:
    config = LlamaConfig(
        vocab_size=20,
        hidden_size=32,
        intermediate_size=48,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
    )
    model = LlamaModel(config)
    numbers, places = torch.randint(20, (3, 9)), torch.tensor([[8, 2], [0, 4], [5, 7]])
    seen = torch.ones(9, 9, dtype=torch.bool).tril()[None, None].expand(3, 1, 9, 9)
    whole = at(model(numbers, attention_mask=seen, use_cache=False).last_hidden_state, places)
    expected = torch.autograd.grad(whole.square().sum(), list(model.parameters()))
    model.set_attn_implementation(WRITTEN_OUT)
    with last_llama_layer(model, places):
        few = model(numbers, attention_mask=seen, use_cache=False).last_hidden_state
    given = torch.autograd.grad(few.square().sum(), list(model.parameters()))
    assert torch.allclose(few, whole, atol=1e-5)
    assert all(torch.allclose(one, other, atol=1e-4) for one, other in zip(given, expected, strict=True))
    assert model(numbers, attention_mask=seen, use_cache=False).last_hidden_state.shape == (3, 9, 32)
