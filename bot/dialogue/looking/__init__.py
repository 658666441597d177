"""Whether and how frames are looked at for a question, what they say together, and what follows from that."""
