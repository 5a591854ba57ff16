"""The way by which transfers reach WeChat: from the one address that WeChat's merchant platform lets call for them."""

from __future__ import annotations

from chalicelib.wechat.http import Transport, transport


def way_out() -> Transport:
    """What carries requests of the operations account: the process's own transport, unless a function is named."""
    return transport()
