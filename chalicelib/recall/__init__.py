"""Who has bought when, how often and for how much; who has brought friends."""
