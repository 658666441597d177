"""Python imports this by itself at its start where this folder is in PYTHONPATH."""

import loopback_only

loopback_only.install()
