"""Who bought when, how often and for how much; calling back who stays away, and thanking who brings friends."""
