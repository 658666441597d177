"""The command line: one command per file; each parses, bootstraps, calls and prints."""

from bot.cli.app import main

__all__ = ["main"]
