"""The checks `link.*` (链接): one file a check, named as its id."""
