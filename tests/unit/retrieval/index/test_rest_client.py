"""The REST client that LanceDB brings is made only when somebody asks for it."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[4]


def test_lancedb_works_without_its_rest_client_which_is_made_when_asked_for() -> None:
    program = (
        "import sys\nfrom retrieval.index import rest_client\nrest_client.put_off()\nrest_client.put_off()\n"
        "import lancedb, lance_namespace_urllib3_client as client\n"
        "apis = [name for name in sys.modules if name.startswith('lance_namespace_urllib3_client.api.')]\n"
        "print(apis, client.ApiClient.__name__, client.TableApi.__name__, hasattr(client, 'nosuch'))"
    )
    ran = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout == "[] ApiClient TableApi False\n"
