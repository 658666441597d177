"""Subtitles as text: SubRip and WebVTT files, and the lines that the encoder of a text stream reads."""

from demo.films import Film

ASS_HEADER = (
    b"[Script Info]\nScriptType: v4.00+\n\n[V4+ Styles]\nFormat: Name, Fontname, Fontsize\n"
    b"Style: Default,Arial,16\n\n[Events]\n"
    b"Format: ReadOrder, Layer, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
)


def ass_line(number: int, text: str) -> str:
    """Return one event as FFmpeg's subtitle encoders take it."""
    return f"{number},0,Default,,0,0,0,,{text}"


def sidecar_text(film: Film) -> str:
    """Return the content of the film's subtitle file, SubRip or WebVTT as the film says."""
    mark = "." if film.subtitles == "vtt" else ","
    cues = [
        f"{number}\n{_clock(text.span.start, mark)} --> {_clock(text.span.end, mark)}\n{text.text}\n"
        for number, text in enumerate(film.subtitle_texts, start=1)
    ]
    return "\n".join(["WEBVTT\n", *cues] if film.subtitles == "vtt" else cues)


def _clock(seconds: float, mark: str) -> str:
    whole, thousandths = divmod(round(seconds * 1000), 1000)
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}{mark}{thousandths:03d}"
