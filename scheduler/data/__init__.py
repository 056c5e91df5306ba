"""The words of the registry (台账)."""
