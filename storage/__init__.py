"""The keeping room: what was inspected, gathered, judged and scored, and the bytes that prove it.

`storage.store.Store` is the door. Nothing of SQLAlchemy leaves this package, and nothing here judges.
"""
