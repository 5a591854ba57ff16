"""Live codes (活码): one printed code whose target turns to the next when one is full."""
