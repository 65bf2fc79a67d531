"""The structure that the design promises, held by tests."""
