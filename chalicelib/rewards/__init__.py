"""Value out: what users are given, what it is made of, and a ledger in which it balances."""
