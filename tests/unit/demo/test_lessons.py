import numpy as np

from demo.lessons import SIDE, pairs, questions, reading
from demo.quiz import UNKNOWN


def test_a_step_gives_the_same_batch_again_and_another_step_another() -> None:
    one, again, other = pairs(3, 16), pairs(3, 16), pairs(4, 16)
    assert one.texts == again.texts != other.texts
    assert (one.pictures == again.pictures).all()
    assert one.pictures.shape == (16, SIDE, SIDE, 3) and one.pictures.dtype == np.uint8


def test_every_text_holds_for_its_own_picture_and_for_few_others() -> None:
    batch = pairs(0, 64)
    assert batch.matches.diagonal().all()
    assert batch.matches.mean() < 0.2


def test_a_picture_comes_with_questions_of_different_kinds() -> None:
    batch = questions(0, 12, each=6)
    assert batch.pictures is not None and len(batch.asked) == 12
    assert all(len(asked) == 6 for asked in batch.asked)


def test_where_nothing_is_seen_nothing_is_known() -> None:
    batches = [questions(step, 32, each=4) for step in range(4)]
    blank = [asked for batch in batches for asked in batch.asked if all(answer == UNKNOWN for _, answer in asked)]
    assert 1 <= len(blank) < 20


def test_reading_tells_what_is_asked() -> None:
    batch = reading(0, 8)
    assert batch.pictures is None and len(batch.contexts) == 8
