"""Who invited whom: a graph in which everybody has at most one inviter, who registered before him."""
