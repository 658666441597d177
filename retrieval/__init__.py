"""The library: what is known of every video, and how its moments are found.

It stands alone: nothing here imports the assistant, the prompts or the demo world.
"""
