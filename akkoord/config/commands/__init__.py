"""The commands that belong to the wiring: they start, migrate and check the whole."""
