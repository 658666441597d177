"""The catalogue: what is known of every video, in one SQLite file, and the vectors that are kept with it."""
