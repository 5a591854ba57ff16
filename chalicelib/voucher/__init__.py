"""Text codes: minted by the million and stored when they are used, and words that everybody may type."""
