"""How long files are, as they say themselves."""

from pathlib import Path
from typing import Any

from retrieval.ingest.child.lengths import lengths
from tests.films import film, shots


class Heard:
    """Keeps what is sent."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, dict[str, Any]]] = []

    def opened(self, duration: float) -> None:
        self.sent.append(("opened", {"duration": duration}))

    def send(self, kind: str, **fields: Any) -> None:
        self.sent.append((kind, fields))


def test_each_file_that_states_its_length_is_told_by_its_number_and_others_are_passed_over(tmp_path: Path) -> None:
    one = film(tmp_path / "one.mkv", shots((1, 2.0)))
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no film")
    two = film(tmp_path / "two.mkv", shots((2, 3.0)))
    heard = Heard()
    paths = [one, broken, tmp_path / "gone.mp4", two]
    lengths(heard, Path(), {"paths": [str(path) for path in paths]})  # type: ignore[arg-type]
    assert heard.sent[0] == ("opened", {"duration": 0.0})
    told = {fields["number"]: fields for kind, fields in heard.sent[1:] if kind == "length"}
    assert told.keys() == {0, 3}
    assert [round(told[number]["seconds"], 1) for number in (0, 3)] == [2.0, 3.0]
    assert all(fields["pixels"] > 0 for fields in told.values())


def test_nothing_is_told_of_no_files() -> None:
    heard = Heard()
    lengths(heard, Path(), {"paths": []})  # type: ignore[arg-type]
    assert [kind for kind, _ in heard.sent] == ["opened"]
