"""The checks `update.*` (更新): one file a check, named as its id."""
