"""The checks `content.*` (内容与安全): one file a check, named as its id."""
