"""How good it is, measured on films whose truth is known."""
