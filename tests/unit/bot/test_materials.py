"""The bill of materials: made by one command, of what is installed, and nothing missing that is required."""

import json
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_one_command_writes_what_is_installed() -> None:
    assert "bot.health.materials > sbom.json" in (ROOT / "Makefile").read_text()
    made = subprocess.run(
        [sys.executable, "-m", "bot.health.materials"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    bill = json.loads(made.stdout)
    assert (bill["bomFormat"], bill["specVersion"], bill["version"]) == ("CycloneDX", "1.6", 1)
    assert bill["metadata"]["component"]["name"] == "video-dialog"
    parts = {part["name"]: part for part in bill["components"]}
    assert all(part["version"] == metadata.version(name) for name, part in parts.items())
    assert all(part["purl"] == f"pkg:pypi/{name}@{part['version']}" for name, part in parts.items())
    required = [
        re.split(r"[^\w.-]", line)[0] for line in metadata.requires("video-dialog") or () if "extra" not in line
    ]
    assert {name.lower().replace("_", "-") for name in required} <= parts.keys()
    assert len(parts) > len(required)  # what these require is listed too
    refs = {part["purl"] for part in bill["components"]} | {bill["metadata"]["component"]["bom-ref"]}
    assert {one for row in bill["dependencies"] for one in [row["ref"], *row["dependsOn"]]} == refs
