"""What is said: sentences by template or by a model, and the check of what they cite."""
