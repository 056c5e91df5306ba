"""The checks `availability.*` (网站可用性): one file a check, named as its id."""
