"""Tests of cash: what brings it, asking for it, and its pages."""
