"""The tools: the one way from a question, or from a model, to the library. Plain typed functions over a view."""
