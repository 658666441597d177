"""Lets `python -m bot.cli` do what `vdialog` does."""

import sys

from bot.cli import main

sys.exit(main())
