from pathlib import Path

import yaml

from bot.settings import Settings
from tests.integration.opensearch.node import VERSION

COMPOSED = yaml.safe_load((Path(__file__).parents[2] / "compose.yaml").read_text())


def test_servers_without_a_password_listen_to_this_machine_alone() -> None:
    ports = [port for service in COMPOSED["services"].values() for port in service["ports"]]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_opensearch_is_the_version_of_the_tests_and_listens_where_the_settings_look() -> None:
    service = COMPOSED["services"]["opensearch"]
    assert service["image"].rpartition(":")[2] == VERSION
    assert service["environment"]["action.auto_create_index"] == "false"
    port = service["ports"][0].split(":")[1]
    assert Settings.model_fields["opensearch_url"].default == f"http://127.0.0.1:{port}"
