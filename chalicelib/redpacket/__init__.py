"""Packets that friends open together or share, and bursts of small ones."""
