"""Who buys: login with WeChat, access and refresh tokens, profile."""
