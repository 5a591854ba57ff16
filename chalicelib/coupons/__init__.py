"""Coupons: claimed or given out of a template, paid with, taken back; how several of them combine."""
