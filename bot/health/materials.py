"""What the program installs, as a bill of materials in CycloneDX JSON: `make sbom` writes it.

    python -m bot.health.materials > sbom.json

Read from the packages as they are installed here: those that the program requires, and whatever these require.
"""

import json
import sys
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import metadata

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

PROGRAM = "video-dialog"
LONGEST_LICENSE = 100
"""Characters of a license's name; what is longer is its text, which does not belong here."""

Part = dict[str, object]


def bill_of_materials(root: str = PROGRAM) -> Part:
    """Return the bill of materials of an installed package, as CycloneDX 1.6 has it.

    Raises:
        PackageNotFoundError: it is not installed.
    """
    requires: dict[str, list[str]] = {}
    waiting: list[str] = [canonicalize_name(root)]
    while waiting:
        name = waiting.pop()
        if name not in requires:
            requires[name] = sorted(set(_required(metadata.distribution(name))))
            waiting += requires[name]
    parts = {name: _component(metadata.distribution(name)) for name in sorted(requires)}
    program = {**parts.pop(canonicalize_name(root)), "type": "application"}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid4()}",
        "version": 1,
        "metadata": {"timestamp": datetime.now(UTC).isoformat(timespec="seconds"), "component": program},
        "components": list(parts.values()),
        "dependencies": [
            {"ref": _ref(name), "dependsOn": [_ref(other) for other in requires[name]]} for name in sorted(requires)
        ],
    }


def _required(package: metadata.Distribution) -> Iterator[str]:
    """Yield the names of what a package requires here and that is installed; extras that nobody asked for are not."""
    for line in package.requires or ():
        try:
            wanted = Requirement(line)
        except InvalidRequirement:
            continue
        if wanted.marker is not None and not wanted.marker.evaluate({"extra": ""}):
            continue
        name = canonicalize_name(wanted.name)
        try:
            metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue
        yield name


def _component(package: metadata.Distribution) -> Part:
    about = package.metadata
    name = canonicalize_name(about["Name"])
    found: Part = {
        "type": "library",
        "bom-ref": _ref(name),
        "name": name,
        "version": package.version,
        "purl": _ref(name),
    }
    called = next((about[name] for name in ("License-Expression", "License") if name in about), "")
    if 0 < len(called) <= LONGEST_LICENSE and "\n" not in called:
        found["licenses"] = [{"license": {"name": called}}]
    return found


def _ref(name: str) -> str:
    return f"pkg:pypi/{name}@{metadata.version(name)}"


if __name__ == "__main__":
    json.dump(bill_of_materials(), sys.stdout, indent=2)
    print()
