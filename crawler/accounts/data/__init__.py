"""The account sources' rules as data."""
