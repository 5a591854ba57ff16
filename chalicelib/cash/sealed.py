"""What of a transfer is stored so that nobody reads it: the body that is offered, and what opens WeChat's page."""

from __future__ import annotations

from typing import Any

import msgspec

from chalicelib.core.ids import MerchantId
from chalicelib.core.seal import open_, seal
from chalicelib.core.secrets import merchant_secrets
from chalicelib.core.table import Key


def sealed(mid: MerchantId, key: Key, plain: Any) -> str:
    """``plain`` as only the item at ``key`` can be read with. Raises `Unsealable` for a merchant without a data key."""
    secrets = merchant_secrets(mid)
    return seal(secrets.data_keys, secrets.data_kid, msgspec.json.encode(plain), _about(key))


def opened(mid: MerchantId, key: Key, text: str) -> Any:
    """What `sealed` sealed for the item at ``key``. Raises `Unsealable`."""
    return msgspec.json.decode(open_(merchant_secrets(mid).data_keys, text, _about(key)))


def _about(key: Key) -> str:
    return f"{key.pk} {key.sk}"
