"""Doors to WeChat: one small client per capability.

Nothing here decides; it asks, checks that the answer is WeChat's, and types it.

Two exceptions leave these modules. `http.Unknown`: no answer, or none that decides anything; ask again, never treat it
as a failure. `http.WechatError`: a definite refusal with WeChat's code. Cryptography is imported only when the first
signature is made, since its import costs a cold start that most requests need not pay.
"""
