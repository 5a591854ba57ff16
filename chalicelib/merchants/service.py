"""Merchants: taken on by a command, read by everything that talks to WeChat for them."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta
from datetime import time as clock_time

import msgspec

from chalicelib.core import chance, clock
from chalicelib.core.config import config
from chalicelib.core.errors import NOT_FOUND, RippleError
from chalicelib.core.ids import MerchantId, new_ulid
from chalicelib.core.secrets import MerchantSecrets, merchant_secrets, store_secrets
from chalicelib.core.store import read_one
from chalicelib.core.transaction import Lost, Transaction, update_one
from chalicelib.merchants import audit, keys
from chalicelib.merchants.items import AppLookup, Merchant, Role, app_key, merchant_key
from chalicelib.merchants.problems import APP_TAKEN
from chalicelib.wechat.account import AppAccount, PayAccount, PushAccount

BILL_TIME = clock_time(10, 15)

_kept: dict[MerchantId, tuple[float, Merchant]] = {}


def merchant(mid: MerchantId) -> Merchant:
    """The merchant, at most `Config.cache_seconds` old. Raises `NOT_FOUND`."""
    kept = _kept.get(mid)
    if kept and kept[0] > time.monotonic():
        return kept[1]
    found = read_one(Merchant, merchant_key(mid))
    if found is None:
        raise RippleError(NOT_FOUND)
    if config().cache_seconds > 0:
        _kept[mid] = (time.monotonic() + config().cache_seconds, found)
    return found


def merchant_of(appid: str) -> MerchantId | None:
    """Whose mini-program this is."""
    found = read_one(AppLookup, app_key(appid))
    return MerchantId(found.owner) if found else None


def pay_account(mid: MerchantId) -> PayAccount:
    """What signs and verifies for the merchant with WeChat Pay."""
    found, secrets = merchant(mid), merchant_secrets(mid)
    return PayAccount(
        appid=found.appid,
        mchid=found.mchid,
        serial=secrets.mch_serial,
        private_key_pem=secrets.mch_private_key,
        apiv3_key=secrets.apiv3_key,
        wechatpay_public_key_pem=secrets.wechatpay_public_key,
        wechatpay_public_key_id=secrets.wechatpay_public_key_id,
    )


def app_account(mid: MerchantId) -> AppAccount:
    """What logs users in at the merchant's mini-program."""
    found = merchant(mid)
    return AppAccount(mid=mid, appid=found.appid, appsecret=merchant_secrets(mid).appsecret)


def push_account(mid: MerchantId) -> PushAccount:
    """What proves and opens what WeChat pushes to the merchant's mini-program. Raises `NOT_FOUND` where it does not."""
    found, secrets = merchant(mid), merchant_secrets(mid)
    if not secrets.push_token:
        raise RippleError(NOT_FOUND)
    return PushAccount(appid=found.appid, token=secrets.push_token, aes_key=secrets.push_aes_key)


def hears(mid: MerchantId) -> bool:
    """Whether WeChat pushes what happens in the merchant's mini-program, as far as his secret says."""
    return bool(merchant_secrets(mid).push_token)


def onboard(
    *, name: str, appid: str, mchid: str, time_zone: str, secrets: MerchantSecrets
) -> tuple[MerchantId, str | None]:
    """Take a merchant on: its secret, itself, the look-up of its mini-program, and a first owner key.

    Again for the same mini-program, it renews the secret and shows no key; the keys in it that we made ourselves stay.
    Raises `APP_TAKEN` where the mini-program is another pay account's.
    """
    known = merchant_of(appid)
    if known is not None:
        if merchant(known).mchid != mchid:
            raise RippleError(APP_TAKEN, "/appid")
        before = merchant_secrets(known)
        kept = msgspec.structs.replace(secrets, token_keys=before.token_keys, token_kid=before.token_kid)
        if before.data_keys:
            kept = msgspec.structs.replace(kept, data_keys=before.data_keys, data_kid=before.data_kid)
        store_secrets(known, kept)
        if merchant(known).bill_day is None:
            today = _today()
            begins = [Merchant.bill_day.set(today.isoformat())]
            update_one(merchant_key(known), begins, when={}, due=bill_due_at(today))
        return known, None
    mid = MerchantId(new_ulid())
    store_secrets(mid, secrets)
    now = clock.now()
    key, shown = keys.make(mid, new_ulid()[-12:], "first owner", Role.OWNER)
    tx = Transaction()
    tx.put("app", AppLookup(*app_key(appid), owner=mid))
    made = Merchant(*merchant_key(mid), name=name, appid=appid, mchid=mchid, time_zone=time_zone, created_at=now)
    made.bill_day = _today().isoformat()
    made.set_due(bill_due_at(_today()))
    tx.put("merchant", made)
    tx.put("key", key)
    audit.add(tx, mid, "onboarding", "merchant.onboard", mid)
    try:
        tx.commit()
    except Lost:
        return onboard(name=name, appid=appid, mchid=mchid, time_zone=time_zone, secrets=secrets)
    return mid, shown


def bill_due_at(day: date) -> datetime:
    """When WeChat's bill of a day in China can be asked for: from ten the next morning, and a little later."""
    return datetime.combine(day + timedelta(days=1), BILL_TIME, clock.BEIJING)


def _today() -> date:
    return clock.day_of(clock.now())


def new_keys() -> dict[str, dict[str, str] | str]:
    """What of a merchant's secrets we make ourselves: fresh keys for access tokens and stored data, and their ids."""
    return {
        "token_keys": {"k1": chance.token_hex(32)},
        "token_kid": "k1",
        "data_keys": {"d1": chance.token_hex(32)},
        "data_kid": "d1",
    }
