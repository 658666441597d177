"""What words mean, read once: the syntax of queries, and what a question asks of search and of pictures."""
