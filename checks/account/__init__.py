"""The checks `account.*` (政务新媒体): one file a check, named as its id."""
