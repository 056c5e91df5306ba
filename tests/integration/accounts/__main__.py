"""`python -m tests.integration.accounts`: every situation of the fake platforms, its outcome, and what is made of it."""

from __future__ import annotations

from tests.integration.accounts.test_scenarios import rows

for row in (("来源", "情形", "结果", "account.stale"), *rows()):
    print(" | ".join(row))
