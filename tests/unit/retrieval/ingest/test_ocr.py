import sys

import pytest

from retrieval.errors import MissingModel
from retrieval.ingest.ocr import unavailable
from retrieval.ingest.screen import ScreenReader


def test_without_the_package_the_install_line_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rapidocr", None)  # type: ignore[arg-type]
    assert "pip install rapidocr" in (unavailable() or "")
    with pytest.raises(MissingModel):
        ScreenReader()
