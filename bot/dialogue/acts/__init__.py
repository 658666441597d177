"""The acts: a file for each way to answer, with its own gathering, looking and replying; `table.py` names them all."""
