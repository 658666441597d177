import pytest

from bot.cli import cluster_checks
from bot.settings import load
from retrieval.index.opensearch import Cluster


def test_a_cluster_that_cannot_join_is_told_with_both_ways_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Cluster, "plugins", lambda _: frozenset({"opensearch-knn"}))
    told = cluster_checks._fusion(load(opensearch_fusion="normalised"))
    assert (told.state, "cannot join by normalised scores" in told.detail) == ("failed", True)
    assert "opensearch-neural-search" in told.fix
    assert "unset VDIALOG_OPENSEARCH_FUSION" in told.fix
