"""Ripple on one machine: the embedded AWS, the WeChat simulator, the deployed stack, its logs and metrics."""
