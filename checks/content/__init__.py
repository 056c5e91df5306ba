"""The checks `content.*` (内容): one file a check, named as its id."""
