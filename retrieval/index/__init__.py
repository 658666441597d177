"""Where moments are looked up. Everything here is derived and can be rebuilt from the catalogue."""
