"""What the office does with a recorded inspection: reviews, entries by hand, notices, rechecks."""
