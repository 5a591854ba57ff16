"""A WeChat that runs on this machine: login, tokens, shipping, WeChat Pay v3 with all its notifications.

WeChat Pay has no test environment, so this stands in for it wherever Ripple is not in production. It is strict where
WeChat is strict: it checks every field, verifies the merchant's RSA signature over the exact bytes, signs each of its
own answers with a real key, and seals notifications with AES-256-GCM. It needs nothing but ``cryptography`` and Pillow.

Where to look: `app` is the whole machine and `endpoints` lists what it answers; `world` is what it remembers; `login`,
`tokens`, `shipping`, `risk`, `content` (with `verdicts` and `visits`), `mini_codes` (with `pages`, and `roundcode`,
which draws and reads them), `messages` (with `consents` and `template_fields`), `cards` and `live_cards` (with
`activities`) are the mini-program API, and `portraits` its users' pictures; `authorization`, `fields`, `orders`,
`refunds`, `bill` are WeChat Pay; so are transfers: `transfers`, `transfer_fields`, `confirmation` (what their users
do), `operations` (what pays them) and `fund_flow`; `notices` is what WeChat Pay sends by itself and when, `push` (with
`push_xml`) what the mini-program's server is told of goods, consents, messages and pictures; `faults` is what can be
made to go wrong; `control` (with `control_cards`, `control_codes`, `control_messages`, `control_notices`,
`control_push`, `control_transfers` and `control_users`) is you: the user who taps, agrees, scans, pays and waits, over
JSON calls under ``/_sim/``; `server` puts it on a port; `in_process` runs it inside a test without sockets.

Two ways to run it::

    python -m infra.local.wechat_sim --port 8790          # an HTTP server on loopback

    simulator = Simulator(now=clock.now)                  # the same code in process
    with http.use_transport(InProcess(simulator)):
        ...

All keys are made at start and live in its memory only: after a restart, register the merchants again.
"""

from infra.local.wechat_sim.app import Simulator
from infra.local.wechat_sim.crypto import new_merchant_key

__all__ = ["Simulator", "new_merchant_key"]
