"""Word lists and patterns of the crawler, as data with their sources."""
