"""Cash on its way to a user: asked for, offered to WeChat under one number, confirmed by him, compared with bills."""
