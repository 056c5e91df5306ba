"""What reports refuse, told in Chinese:

ReportRefused
├── TemplateRefused  a template of the office that cannot be used
└── NoPrinter        nothing on this machine makes PDF
"""

from __future__ import annotations


class ReportRefused(Exception):
    """The base of what is refused here; its text is what the user is told."""


class TemplateRefused(ReportRefused):
    """Names the template's file and what in it is wrong."""


class NoPrinter(ReportRefused):
    """Says what would have to be installed."""
