"""Servers of models: HTTP with bounds, one reader that can be stopped, one breaker, and the queue before them."""
