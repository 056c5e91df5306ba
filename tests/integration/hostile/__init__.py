"""A server that does everything wrong, and whole inspections that survive it and tell the truth of it."""
