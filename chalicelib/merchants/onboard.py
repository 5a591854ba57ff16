"""`python -m chalicelib.merchants.onboard`: take a merchant on and show its first API key, once."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from chalicelib.core.errors import RippleError
from chalicelib.core.secrets import MerchantSecrets
from chalicelib.merchants import keys
from chalicelib.merchants.service import new_keys, onboard

GIVEN = ("appsecret", "mch_private_key", "mch_serial", "apiv3_key", "wechatpay_public_key", "wechatpay_public_key_id")
MAY_BE_GIVEN = ("push_token", "push_aes_key")
"""Both or none: the Token and the EncodingAESKey under which WeChat pushes messages."""


def time_zone(name: str) -> str:
    """A time zone's own name; argparse says when there is none such."""
    try:
        return str(ZoneInfo(name))
    except (ZoneInfoNotFoundError, OSError, ValueError):
        raise argparse.ArgumentTypeError(f"there is no time zone {name!r}") from None


def main(arguments: list[str]) -> int:
    """Read the secrets file (JSON with the fields of `GIVEN` and maybe `MAY_BE_GIVEN`), onboard, print id and key."""
    parser = argparse.ArgumentParser(description="Take a merchant on.")
    parser.add_argument("--name", required=True)
    parser.add_argument("--appid", required=True)
    parser.add_argument("--mchid", required=True)
    parser.add_argument("--time-zone", default="Asia/Shanghai", type=time_zone)
    fields = f"JSON with {', '.join(GIVEN)}; may have {', '.join(MAY_BE_GIVEN)}"
    parser.add_argument("--secrets-file", required=True, type=Path, help=fields)
    parser.add_argument("--new-owner-key", action="store_true", help="show a new owner key where the first is lost")
    asked = parser.parse_args(arguments)
    try:
        given = msgspec.json.decode(asked.secrets_file.read_bytes(), type=dict[str, str])
        secrets = msgspec.convert({**given, **new_keys()}, MerchantSecrets)
        mid, key = onboard(
            name=asked.name, appid=asked.appid, mchid=asked.mchid, time_zone=asked.time_zone, secrets=secrets
        )
        if key is None and asked.new_owner_key:
            key = keys.new_owner(mid)
    except (OSError, msgspec.MsgspecError, RippleError) as wrong:
        print(f"not taken on: {wrong}", file=sys.stderr)
        return 1
    print(json.dumps({"merchant_id": mid, "api_key": key}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
