"""The ground floor: table, transaction, due index, outbox, idempotency, clock, ids, money, configuration, logs."""
