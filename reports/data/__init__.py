"""Words of the reports, as data."""
