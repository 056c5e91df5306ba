"""What reports refuse, told in Chinese:

ReportRefused
├── TemplateRefused   a template of the office that cannot be used
├── AdoptionsRefused  a table of 信息采用量 with a fault
└── NoPrinter         nothing on this machine makes PDF
"""

from __future__ import annotations


class ReportRefused(Exception):
    """The base of what is refused here; its text is what the user is told."""


class TemplateRefused(ReportRefused):
    """Names the template's file and what in it is wrong."""


class AdoptionsRefused(ReportRefused):
    """Names the file, and row, column and reason of every fault."""


class NoPrinter(ReportRefused):
    """Says what would have to be installed."""
