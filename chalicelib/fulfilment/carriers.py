"""Carriers: WeChat's ids of them, and what people call them."""

from __future__ import annotations

import re

CARRIERS = {
    "顺丰": "SF",
    "圆通": "YTO",
    "中通": "ZTO",
    "申通": "STO",
    "韵达": "YD",
    "极兔": "JTSD",
    "京东": "JD",
    "京东物流": "JD",
    "邮政": "YZPY",
    "中国邮政": "YZPY",
    "邮政快递包裹": "YZPY",
    "邮政速递": "EMS",
    "邮政特快专递": "EMS",
    "德邦": "DBL",
}
"""WeChat's ids of carriers in ``get_delivery_list``; 快运 is freight, of other carriers with other ids."""

NAMES = {code: name for name, code in reversed(CARRIERS.items())}
"""What people call each."""

_SERVICE = re.compile("(速运|速递|快递)$")
_CARRIER = re.compile(r"[A-Za-z0-9_-]{1,64}")


def carrier_id(name: str) -> str | None:
    """WeChat's id of a carrier: as it is, or by a common Chinese name.

    >>> carrier_id("顺丰速运"), carrier_id("SF"), carrier_id("中通快运")
    ('SF', 'SF', None)
    """
    if _CARRIER.fullmatch(name):
        return name
    return CARRIERS.get(name) or CARRIERS.get(_SERVICE.sub("", name))


def carrier_name(code: str) -> str:
    """What people call a carrier; its id where that is all that is known.

    >>> carrier_name("SF"), carrier_name("YZPY"), carrier_name("XYZ")
    ('顺丰', '邮政', 'XYZ')
    """
    return NAMES.get(code, code)
