"""After an order is confirmed: its goods go out and arrive, or its money goes back."""
