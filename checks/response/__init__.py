"""The checks `response.*` (回应关切): one file a check, named as its id."""
