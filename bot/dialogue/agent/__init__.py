"""A language model that works with the tools itself: bounded, and checked like every reply."""
