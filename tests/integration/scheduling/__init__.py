"""Plans carried out: rounds, their processes, several schedulers, a simulated span of nights."""
