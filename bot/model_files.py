"""The files of the models that are set, with their hashes: what `vdialog doctor` shows of a set of models."""

from collections.abc import Iterable
from pathlib import Path

from bot.bootstrap import ModelPaths

READ_BY_LOADERS = ("*.safetensors", "*.json")


def of_clip(paths: ModelPaths) -> list[Path]:
    """Return the local files of CLIP: its config, its tokenizer, its weights, as far as they are files."""
    config = Path(paths.clip_model).expanduser()
    tokenizer = sorted(config.parent.glob("tokenizer/*.json")) if config.suffix == ".json" else []
    return [path for path in (config, *tokenizer, Path(paths.clip_weights).expanduser()) if path.is_file()]


def of_vision(paths: ModelPaths) -> list[Path]:
    """Return the local files of the vision model; none where it is a name on the hub."""
    folder = Path(paths.vision_model).expanduser()
    return sorted(path for pattern in READ_BY_LOADERS for path in folder.glob(pattern))


def listed(files: Iterable[Path]) -> str:
    """Write files with the beginnings of their SHA-256, e.g. `demo-clip.json 1f0c22ab, ...`; empty without any."""
    from retrieval.encoders.weights import short

    return ", ".join(f"{path.name} {short(path)}" for path in files)
