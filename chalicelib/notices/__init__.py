"""What users are told by WeChat's messages: consents, what is told at once, reminders, and live cards in chats."""
