"""The models that find and recognise text on a frame: where it may be, its boxes, what they say.

They read type (titles, slides, signs, captions burnt in), not lettering. They come in their package, so nothing is
fetched. What is asked of them, and how seldom, is decided in `retrieval.ingest.screen`.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import cv2
import numpy as np

from retrieval.errors import MissingModel
from retrieval.ingest.areas import TILE, Area

if TYPE_CHECKING:
    from numpy.typing import NDArray

HINT = 0.2
"""Probability of text, on a frame of half the size, from which it is looked at in full size."""


class TextEngine(Protocol):
    """Finds and recognises text. Pictures are RGB, 0 to 255."""

    def hints(self, pixels: "NDArray[np.uint8]") -> "NDArray[np.bool_]":
        """Return which tiles of a picture may show text, by a quick look: (height / TILE, width / TILE)."""

    def boxes(self, pixels: "NDArray[np.uint8]", area: Area) -> "list[NDArray[np.float32]]":
        """Return the corners of each line in an area, in pixels of the picture: (4, 2), x and y."""

    def recognise(self, image: "NDArray[np.uint8]", boxes: "Sequence[NDArray[np.float32]]") -> list[tuple[str, float]]:
        """Return what each box says, and the confidence, 0 to 1."""


def unavailable() -> str | None:
    """Return why text on screen cannot be read, or None where it can."""
    try:
        _rapidocr()
    except MissingModel as missing:
        return f"{missing.message}. {missing.hint}"
    return None


def _rapidocr() -> Any:
    try:
        import rapidocr
    except ImportError as error:
        raise MissingModel(
            "text on screen is not read: rapidocr cannot be loaded", "Run: pip install rapidocr onnxruntime"
        ) from error
    return rapidocr


class RapidEngine:
    """The detector and the recogniser of rapidocr.

    Args:
        threads: processor threads to use.

    Raises:
        MissingModel: rapidocr is not installed.
    """

    def __init__(self, threads: int = 2) -> None:
        models = Path(_rapidocr().__file__).parent / "models"
        from rapidocr.ch_ppocr_det import TextDetector
        from rapidocr.ch_ppocr_rec import TextRecInput, TextRecognizer
        from rapidocr.main import DEFAULT_CFG_PATH
        from rapidocr.utils.log import logger
        from rapidocr.utils.parse_parameters import ParseParams
        from rapidocr.utils.process_img import get_rotate_crop_image

        logger.setLevel("CRITICAL")
        cfg = ParseParams.load(DEFAULT_CFG_PATH)
        cfg._set_flag("allow_objects", True)  # for the sessions
        cfg.Det.session = _session(_model(models, "det"), threads)
        cfg.Det.limit_type, cfg.Det.limit_side_len = "max", 1 << 16  # areas come in the size that they are looked at in
        cfg.Rec.session = _session(_model(models, "rec"), threads)
        cfg.Rec.rec_batch_num = 1  # lines of one batch are filled up to the longest: twice the work
        cfg.Rec.font_path = None
        self._detect = TextDetector(cfg.Det)
        self._recognise = TextRecognizer(cfg.Rec)
        self._input, self._crop = TextRecInput, get_rotate_crop_image

    def hints(self, pixels: "NDArray[np.uint8]") -> "NDArray[np.bool_]":
        """Return which tiles may show text, by the detector on a frame of half the size."""
        height, width = pixels.shape[:2]
        small = cv2.resize(pixels, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
        prepared = self._detect.get_preprocess()(np.ascontiguousarray(small[:, :, ::-1]))
        if prepared is None:  # smaller than the detector can look at
            return np.ones((height // TILE, width // TILE), np.bool_)
        seen = (self._detect.session(prepared)[0, 0] > HINT).astype(np.float32)
        return np.asarray(cv2.resize(seen, (width // TILE, height // TILE), interpolation=cv2.INTER_AREA) > 0)

    def boxes(self, pixels: "NDArray[np.uint8]", area: Area) -> "list[NDArray[np.float32]]":
        """Return the corners of each line in an area."""
        part = pixels[area.top : area.bottom, area.left : area.right, ::-1]
        found = self._detect(np.ascontiguousarray(part)).boxes
        corner = np.array([area.left, area.top], np.float32)
        return [] if found is None else [np.asarray(box, np.float32) + corner for box in found]

    def recognise(self, image: "NDArray[np.uint8]", boxes: "Sequence[NDArray[np.float32]]") -> list[tuple[str, float]]:
        """Return what each box says."""
        if not boxes:
            return []
        swapped = np.ascontiguousarray(image[:, :, ::-1])  # it expects BGR
        crops = [self._crop(swapped, box.copy()) for box in boxes]
        read = self._recognise(self._input(img=crops, return_word_box=False))
        return [
            (" ".join(text.split()), float(score))
            for text, score in zip(read.txts or (), read.scores or (), strict=True)
        ]


def _model(folder: Path, task: str) -> Path:
    found = sorted(folder.glob(f"*_{task}_*.onnx"))
    if not found:
        raise MissingModel(
            "text on screen is not read: rapidocr has no models here", "Run: pip install --force-reinstall rapidocr"
        )
    return found[0]


def _session(model: Path, threads: int) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.enable_cpu_mem_arena = False
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # a thread that waits would count as work
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
