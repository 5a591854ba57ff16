"""Punch cards: units of a service that a family buys at once and uses one by one, each use seen by all of it."""
