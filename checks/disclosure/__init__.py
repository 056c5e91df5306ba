"""The checks `disclosure.*` (信息公开): one file a check, named as its id."""
