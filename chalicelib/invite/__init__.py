"""Who brought whom: the invite graph."""
