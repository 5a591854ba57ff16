"""What other rooms plug into orders beside plays, filled by app.py; nothing is imported for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.core.lazily import Registry

if TYPE_CHECKING:
    from chalicelib.orders.brought import Brings
    from chalicelib.orders.follows import Follower
    from chalicelib.orders.play import Returns
    from chalicelib.orders.stuck import Driver
    from chalicelib.orders.tenders import Tender

TENDERS: Registry[str, Tender] = Registry()
"""Every kind of tender by its name. Money through WeChat Pay is not one: it pays what they leave."""

FOLLOWERS: Registry[str, Follower] = Registry()
"""Who acts on an order's confirmation and on money that goes back, by the name that orders know him by."""

BROUGHT: Registry[str, Brings] = Registry()
"""Who tells what an order brought its buyer, by the name of the follower that brought it."""

DRIVERS: Registry[str, Driver] = Registry()
"""Who goes on trying what is stuck for a reason, where that is neither an act of the outbox nor an order's closing."""

RETURNS: Registry[str, Returns] = Registry()
"""Plays whose orders give their money back in a way of their own, since what was sold must come back with it."""
