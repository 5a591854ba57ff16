"""What a merchant offers: drafts, the publish gate, immutable rule snapshots, stock."""
