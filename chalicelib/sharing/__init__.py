"""What all sharing stands on: what is shared and who opened it, help tickets, and whether a help is real."""
