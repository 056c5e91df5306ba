"""The checks `participation.*` (互动交流): one file a check, named as its id."""
