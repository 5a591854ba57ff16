"""Text codes: unique ones that are not stored until they are used, and shared words."""
