"""A small library to put into a cluster."""

import json
from pathlib import Path

from retrieval.library import Library

PUBLIC = frozenset({"public"})
PETS = {
    "pets": ["A dog catches a ball in the garden.", "A cat sleeps on a sofa.", "A parrot talks to the dog."],
    "kitchen": ["A woman slices bread.", "She spreads butter on the bread.", "The dog waits for bread."],
    "garden": ["A man waters the garden.", "Two dogs dig in the garden.", "It rains."],
}


def take(library: Library, folder: Path, told: dict[str, list[str]] | None = None, collection: str = "public") -> None:
    captions = {
        name: {
            "duration": 5.0 * len(sentences),
            "timestamps": [[5.0 * i, 5.0 * i + 5] for i in range(len(sentences))],
            "sentences": sentences,
        }
        for name, sentences in (told or PETS).items()
    }
    path = folder / "captions.json"
    path.write_text(json.dumps(captions))
    library.import_annotations(path, collection)
