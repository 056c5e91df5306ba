"""Word lists and thresholds of the checks. Each file names its sources."""
