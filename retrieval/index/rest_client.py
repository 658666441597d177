"""Spares LanceDB a client for servers that it loads with itself and that nothing here uses.

The package `lance_namespace_urllib3_client` makes some hundred checked functions of a REST interface when it is
imported, a quarter of the processor time that a search takes to start. LanceDB itself needs only its types.
"""

import sys
from importlib.util import find_spec, module_from_spec
from typing import Any

CLIENT = "lance_namespace_urllib3_client"


def put_off() -> None:
    """Let the client be made when somebody asks for one of its names; its modules can be imported before that."""
    spec = None if CLIENT in sys.modules else find_spec(CLIENT)
    if spec is None or spec.loader is None:
        return
    client, loader = module_from_spec(spec), spec.loader

    def made(name: str) -> Any:
        vars(client).pop("__getattr__", None)
        loader.exec_module(client)
        return getattr(client, name)

    vars(client)["__getattr__"] = made
    sys.modules[CLIENT] = client
