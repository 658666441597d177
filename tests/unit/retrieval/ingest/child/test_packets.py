import pytest

from retrieval.ingest.child.packets import Rhythm, packet_candidates

STEP = 0.04


def found(sizes: list[int]) -> tuple[int, list[float]]:
    told = packet_candidates(sizes, [STEP * place for place in range(len(sizes))], sizes[0])
    return told.last, told.times


@pytest.mark.parametrize(
    ("sizes", "last"),
    [
        ([10_000], 0),
        ([10_000, 300, 200, 400, 300], 0),
        ([10_000, 300, 200, 8000, 300], 3),
        ([10_000, 50, 40, 900, 50], 3),
        ([10_000, *[5, 4, 400] * 20], 0),
        ([10_000, *[4000] * 50], 50),
    ],
)
def test_a_large_packet_between_codec_keyframes_is_suspicious(sizes: list[int], last: int) -> None:
    assert found(sizes)[0] == last


def test_where_all_packets_are_large_none_stands_out() -> None:
    assert found([10_000, *[6000, 7000] * 20])[1] == []


def test_a_cut_stands_out_and_what_follows_is_measured_by_it() -> None:
    last, times = found([2000, *[100, 60] * 25, 9000, *[1200, 700] * 25])
    assert last == 51
    assert times == [pytest.approx(51 * STEP)]


def test_a_slow_rise_of_the_sizes_is_suspicious() -> None:
    assert found([10_000, *[60, 30] * 40, *[350, 250] * 10, *[60, 30] * 30])[0] > 80


def free(times: list[float], known: list[float] | None = None) -> list[float]:
    rhythm = Rhythm(STEP, known or ())
    return [time for time in times if rhythm.is_free(time)]


def test_codec_keyframes_by_the_clock_are_not_free() -> None:
    assert free([0, 2, 4, 6, 8]) == []
    assert free([0, 2, 4, 4.72, 6, 8, 8.4, 10]) == [4.72, 8.4]


def test_a_codec_keyframe_before_its_time_is_free_and_the_count_begins_anew() -> None:
    assert free([0, 5, 7.3, 12.3, 13.1, 15.9, 20.9]) == [7.3, 13.1, 15.9]


def test_an_index_tells_the_longest_time_beforehand() -> None:
    times = [0, 2.3, 7.3, 8.1]
    assert free(times) == [8.1]
    assert free(times, times) == [2.3, 8.1]


def new(sizes: list[int], times: list[float] | None = None) -> float | None:
    return packet_candidates(sizes, times or [STEP * place for place in range(len(sizes))], sizes[0]).new


def test_one_whole_picture_among_small_packets_is_told_with_its_time() -> None:
    assert new([10_000, *[300, 200] * 20, 8000, *[300, 200] * 20]) == pytest.approx(41 * STEP)


@pytest.mark.parametrize(
    "sizes",
    [
        [10_000, *[300, 200] * 40],
        [10_000, *[300, 200] * 10, 8000, *[300, 200] * 10, 8000, *[300, 200] * 10],
        [10_000, *[300, 200] * 10, 8000, *[5000, 200] * 10],
        [10_000, *[300, 200] * 10, 3000, *[300, 200] * 10],
        [10_000, *[30, 20] * 20, *[350, 250] * 10, *[30, 20] * 20, 8000, *[30, 20] * 20],
    ],
    ids=["none", "two", "much else", "not whole", "a fade besides"],
)
def test_whatever_else_may_happen_in_a_stretch_it_is_to_be_looked_at(sizes: list[int]) -> None:
    assert new(sizes) is None


def test_a_new_picture_lies_between_two_frames_on_which_others_rest() -> None:
    times = [0.0]
    for group in range(10):  # one forward frame, then the three shown before it
        times += [STEP * (4 * group + shown) for shown in (4, 1, 2, 3)]
    sizes = [10_000, *[900, 100, 50, 50] * 5, 9000, 100, 50, 50, *[900, 100, 50, 50] * 4]
    assert new(sizes, times) == pytest.approx(22.5 * STEP)


def test_frames_are_measured_by_those_of_their_own_kind() -> None:
    times = [0.0, *(STEP * (4 * group + shown) for group in range(20) for shown in (4, 1, 2, 3))]
    sizes = [10_000, *[2500, 100, 50, 50] * 20]
    assert packet_candidates(sizes, times, sizes[0]).last == 0
    sizes[4 * 10 + 3] = 2500  # no more than usual for a forward frame, but not one of these
    assert packet_candidates(sizes, times, sizes[0]).times == [times[4 * 10 + 3]]
