"""The data files that the city is made from."""
