"""The errors of this room.

BadUsage        what was asked for cannot be done; ends in exit code 2 with its text
"""

from __future__ import annotations


class BadUsage(Exception):
    """Whatever the command line refuses; its text is one line that a person can act on."""
