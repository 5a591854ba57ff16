"""What WeChat tells of by itself: each event leads to the room that it is about."""
