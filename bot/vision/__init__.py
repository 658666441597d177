"""Models that look at pictures and answer in words."""
