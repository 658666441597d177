import pytest

from retrieval.ingest.child.packets import Rhythm, suspects

STEP = 0.04


def found(sizes: list[int]) -> tuple[int, list[float]]:
    told = suspects(sizes, [STEP * place for place in range(len(sizes))], sizes[0])
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
