"""The checks `interpretation.*` (政策解读): one file a check, named as its id."""
