import math

import torch

from retrieval.training.contrastive import contrastive_loss

SCALE = torch.tensor(math.log(20.0))


def loss(pictures: torch.Tensor, texts: torch.Tensor, matches: torch.Tensor | None = None) -> float:
    own = torch.eye(len(pictures), dtype=torch.bool)
    return float(contrastive_loss(pictures, texts, SCALE, own if matches is None else matches | own))


def test_texts_at_their_pictures_cost_nothing_and_texts_elsewhere_much() -> None:
    apart = torch.eye(4)
    assert loss(apart, apart) < 1e-6
    assert loss(apart, apart.roll(1, dims=0)) > 10


def test_without_any_order_the_loss_is_that_of_a_guess() -> None:
    same = torch.ones((8, 4))
    assert math.isclose(loss(same, same), math.log(8), rel_tol=1e-5)


def test_a_text_that_holds_for_another_picture_too_is_no_wrong_answer_for_it() -> None:
    pictures = torch.tensor([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    twins = torch.zeros((3, 3), dtype=torch.bool)
    twins[0, 1] = twins[1, 0] = True
    assert loss(pictures, pictures) > 0.4
    assert loss(pictures, pictures, twins) < 1e-6
