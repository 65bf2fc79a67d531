"""Tests of the whole: the structure, the journeys, the command."""
