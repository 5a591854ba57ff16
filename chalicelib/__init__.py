"""Ripple: the growth backend that a WeChat mini-program plugs in."""
