"""What a person does with an answer or a moment: plain functions that return values or yield events, and never print.

Every front end calls these. Stores, catalogues and managers come in as arguments, with the collections that the place
of the answer may see.
"""
