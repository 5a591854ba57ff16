"""Figures: round trips, write units, ratios. `python -m tests.bench NAME` prints one JSON object."""
