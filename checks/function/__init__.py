"""The checks `function.*` (功能设计): one file a check, named as its id."""
