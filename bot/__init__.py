"""The assistant: the only package that puts the library, the words and the sample world together."""
