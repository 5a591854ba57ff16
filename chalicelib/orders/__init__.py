"""Money in and back: quote, order, payment, refund. What an order's payment decides belongs to its play."""
