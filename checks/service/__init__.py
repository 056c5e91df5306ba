"""The checks `service.*` (办事服务): one file a check, named as its id."""
