"""From the user's words to a plan, by rules: what is heard, what it points at, and what was carried over.

Why: docs/decisions/planning-rules.md.
"""
