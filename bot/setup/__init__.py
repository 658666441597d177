"""Setting up models: what there is to choose from, what this machine can bear, fetching, and what is then configured.

Beside `vdialog doctor --get` the only part of the program that asks another machine for something.
"""
