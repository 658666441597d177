"""The versions of a library's index in a cluster: numbered indexes behind two aliases.

Aliases name what counts and are changed in one step. Each index carries in its mapping (`_meta`) which library it
belongs to, the models that its vectors come from and the version of its form, so that nothing is ever mixed.
"""

import json
import re
import secrets
from dataclasses import dataclass

from retrieval.catalogue.catalogue import Catalogue
from retrieval.errors import LibraryUnusable, SpaceMismatch
from retrieval.index import opensearch_dsl as dsl
from retrieval.index.base import FORM, MomentIndex
from retrieval.index.opensearch import Cluster
from retrieval.index.opensearch_dsl import Body
from retrieval.index.opensearch_index import OpenSearchIndex
from retrieval.index.spaces import dumped, loaded, refuse_other_forms, refuse_others
from retrieval.spaces import IndexSpaces

_LIBRARY = "library"
_REINDEX = "Run: vdialog reindex"


@dataclass(frozen=True, slots=True)
class IndexNames:
    """The names of the two indexes of one version, or, without a number, of the aliases of what counts."""

    prefix: str
    version: int | None = None

    @property
    def moments(self) -> str:
        """The index of the moments."""
        return self._name("moments")

    @property
    def frames(self) -> str:
        """The index of the keyframes."""
        return self._name("frames")

    def _name(self, rows: str) -> str:
        number = "" if self.version is None else f"-{self.version}"
        return f"{self.prefix}-{rows}{number}"

    def number(self, index: str) -> int:
        """Return the version that an index of ours is of, 0 for what is none of ours."""
        found = re.fullmatch(rf"{re.escape(self.prefix)}-(?:moments|frames)-(\d+)", index)
        return int(found[1]) if found else 0


class OpenSearchStore:
    """Versions of a library's index in a cluster.

    Args:
        cluster: where they lie.
        catalogue: the library.
        prefix: what their names begin with.
    """

    def __init__(self, cluster: Cluster, catalogue: Catalogue, prefix: str) -> None:
        self.kind = f"in OpenSearch as {prefix}"
        self.names = IndexNames(prefix)
        self.cluster = cluster
        self.catalogue = catalogue

    def open(self, version: int, spaces: IndexSpaces) -> MomentIndex:
        """Open what the aliases name, made where the library is still empty.

        Raises:
            SpaceMismatch: it was made with other encoders, or by another version of Video Dialog.
            LibraryUnusable: it is not there, or belongs to another library.
        """
        if not self.cluster.indexes(self.names.moments) and not self.catalogue.moment_count():
            self.adopt(self.begin(version, spaces)[0])
        names, layout = self.names, self.cluster.connection.layout
        wanted = {names.moments: dsl.moment_index(spaces, {}, layout)}
        if spaces.of_keyframes:
            wanted[names.frames] = dsl.frame_index(spaces, {}, layout)
        for alias, made_now in wanted.items():
            held = self.cluster.indexes(alias)
            if len(held) != 1:
                found = f"{alias!r} is missing" if not held else f"{alias!r} names several indexes"
                raise LibraryUnusable(f"OpenSearch has no index of this library: {found}", _REINDEX)
            self._check(next(iter(held.values())), made_now, spaces)
        return self._index(self.names, spaces)

    def spaces(self, version: int) -> IndexSpaces | None:
        """Return the spaces of what the aliases name, None where there is nothing."""
        for index in self.cluster.indexes(self.names.moments).values():
            if "spaces" in _meta(index):
                return loaded(json.dumps(_meta(index)["spaces"]))
        return None

    def begin(self, version: int, spaces: IndexSpaces) -> tuple[int, MomentIndex]:
        """Make an empty version beside the one that counts; what no alias names is dropped.

        Raises:
            LibraryUnusable: the names are taken by another library.
        """
        ours = self._ours()
        number = 1 + max([version, *map(self.names.number, ours)])
        new = IndexNames(self.names.prefix, number)
        layout, meta = self.cluster.connection.layout, self._meta(spaces)
        self.cluster.create(new.moments, dsl.moment_index(spaces, meta, layout))
        if spaces.of_keyframes:
            self.cluster.create(new.frames, dsl.frame_index(spaces, meta, layout))
        return number, self._index(new, spaces)

    def adopt(self, version: int) -> None:
        """Let the aliases name this version and drop those they named, all in one step."""
        old = self.cluster.indexes(f"{self.names.moments},{self.names.frames}")
        new = IndexNames(self.names.prefix, version)
        actions: list[Body] = [{"add": {"index": new.moments, "alias": self.names.moments}}]
        if self.cluster.indexes(new.frames):
            actions.append({"add": {"index": new.frames, "alias": self.names.frames}})
        actions += [{"remove_index": {"index": name}} for name in old if self.names.number(name) != version]
        self.cluster.change_aliases(actions)

    def keeps(self, version: int, is_changing: bool) -> bool:
        """Return False: the server keeps checksums of its files itself."""
        return False

    def damaged(self, version: int, was_kept: bool, most: int | None = None) -> str:
        """Return "": the server tells of damage itself."""
        return ""

    def drop_others(self, version: int) -> None:
        """Delete what no alias names."""
        self._ours()

    def _ours(self) -> dict[str, Body]:
        """Return what there is of this library; what no alias names is dropped."""
        there = self.cluster.indexes(f"{self.names.moments}-*,{self.names.frames}-*")
        ours = {name: index for name, index in there.items() if self.names.number(name)}
        for name, index in ours.items():
            self._refuse_another_library(index)
            if not index.get("aliases"):
                self.cluster.drop(name)
        return ours

    def _index(self, names: IndexNames, spaces: IndexSpaces) -> OpenSearchIndex:
        return OpenSearchIndex(self.cluster, spaces, names.moments, names.frames)

    def _meta(self, spaces: IndexSpaces) -> Body:
        return {"pipeline": FORM, "library": self._library(), "spaces": json.loads(dumped(spaces))}

    def _library(self) -> str:
        """Return the id of the library, given to it when first needed."""
        if not self.catalogue.meta(_LIBRARY):
            with self.catalogue.database.writing() as db:
                db.execute("INSERT OR IGNORE INTO meta VALUES (?, ?)", (_LIBRARY, secrets.token_hex(8)))
        return self.catalogue.meta(_LIBRARY)

    def _refuse_another_library(self, index: Body) -> None:
        if _meta(index).get("library") != self._library():
            raise LibraryUnusable(
                f"the index {self.names.prefix!r} in OpenSearch belongs to another library",
                "Set VDIALOG_OPENSEARCH_INDEX to a name of your own, then run: vdialog reindex",
            )

    def _check(self, index: Body, made_now: Body, spaces: IndexSpaces) -> None:
        """Refuse an index that is not what would be made now.

        Raises:
            SpaceMismatch: it was made with other encoders, or by another version of Video Dialog.
            LibraryUnusable: it belongs to another library.
        """
        self._refuse_another_library(index)
        held = _meta(index)
        refuse_others(loaded(json.dumps(held["spaces"])), spaces)
        refuse_other_forms(held["pipeline"])
        if _types(index) != _types(made_now):
            raise SpaceMismatch("the index was made by another version of Video Dialog", _REINDEX)


def _types(index: Body) -> dict[str, object]:
    return {name: field.get("type") for name, field in index["mappings"]["properties"].items()}


def _meta(index: Body) -> Body:
    return dict(index.get("mappings", {}).get("_meta", {}))
