"""The checks `identity.*` (网站标识): one file a check, named as its id."""
