"""The assistant from Python. What is public of it is named in the package `video_dialog`."""
