"""A small world: scenes drawn by code, films made of them, and the truth about both.

`scenes` holds the values and words, `rendering` draws a scene at a time, `stories` has the twelve sample
films, `writing` encodes them, `questions` asks about them. Nothing here searches or answers.
"""
