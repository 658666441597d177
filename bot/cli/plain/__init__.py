"""The line-by-line chat: for terminals, pipes and screen readers. One line in, plain lines or JSON lines out."""
