"""The schema's history, run by `storage.schema.upgrade`. It goes one way: what was kept as evidence is not undone."""
