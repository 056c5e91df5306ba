"""When, where and in what order: registry, inspections, workers, and the way from facts to the outbox."""
