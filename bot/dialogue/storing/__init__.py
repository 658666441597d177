"""Where conversations and opinions are kept, and the shapes in which they are written and exported."""
