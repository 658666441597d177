"""Whether all is well: what is set up, what is missing, and what mends it. `vdialog doctor` prints it."""
