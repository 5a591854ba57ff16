"""Who sells: onboarding, API keys and their roles, the audit log, and the accounts with WeChat."""
