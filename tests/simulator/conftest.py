"""The same scene as the client tests, looked at from WeChat's side."""

from tests.wechat.conftest import scene

__all__ = ["scene"]
