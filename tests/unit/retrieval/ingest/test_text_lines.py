from retrieval.ingest.text_lines import TextLine, blocks


def _line(
    text: str, left: float, top: float, width: float = 100, height: float = 20, confidence: float = 0.99
) -> TextLine:
    return TextLine(text, confidence, left, top, left + width, top + height)


def test_lines_of_a_block_are_joined_in_reading_order() -> None:
    lines = [
        _line("PRESENTS", 150, 128),
        _line("BBC 2", 500, 10),
        _line("MOVIE PROJECT", 210, 102),
        _line("THE PEACH OPEN", 100, 100),
        _line("a caption far below", 100, 300),
    ]
    assert blocks(lines) == ["BBC 2", "THE PEACH OPEN MOVIE PROJECT PRESENTS", "a caption far below"]


def test_columns_and_headings_are_blocks_of_their_own() -> None:
    columns = [
        _line("left one", 0, 100),
        _line("right one", 300, 100),
        _line("left two", 0, 125),
        _line("right two", 300, 125),
    ]
    assert blocks(columns) == ["left one left two", "right one right two"]
    assert blocks([_line("HEADING", 0, 0, 300, 60), _line("small print", 0, 64, 200, 15)]) == ["HEADING", "small print"]
    assert blocks([]) == []
