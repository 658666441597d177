"""The words: one Markdown template per prompt or sentence, and a strict loader. Imports nothing of ours."""

from prompts.loader import Prompt, PromptError, load, names, render

__all__ = ["Prompt", "PromptError", "load", "names", "render"]
