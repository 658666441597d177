"""Models that map texts and pictures to vectors."""
