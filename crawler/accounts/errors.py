"""What is wrong with a registration; what goes wrong on the way to a platform is an AccountOutcome, never an exception.

AccountSourceError(ValueError)
├── AccountSettingsError    the `source` entry of an account: unknown kind, missing or wrong setting
└── AccountTableError       a filed table (单位填报): file, row, column and reason
"""

from __future__ import annotations

SHOWN_VALUE = 40
"""Characters of an offending cell that a message repeats."""


class AccountSourceError(ValueError):
    """An account's source cannot be used as it is registered; the text is one line that an official can read."""


class AccountSettingsError(AccountSourceError):
    """The registry's `source` entry is wrong. `account` is the account's key, `setting` the entry's name."""

    def __init__(self, account: str, setting: str, reason: str) -> None:
        self.account, self.setting, self.reason = account, setting, reason
        super().__init__(f"账号 {account} 的数据来源，“{setting}”项：{reason}")


class AccountTableError(AccountSourceError):
    """A filed table is wrong. `row` counts as a spreadsheet shows it, the headings being row 1; 0 is the whole file."""

    def __init__(self, file: str, row: int, column: str, reason: str, value: str = "") -> None:
        self.file, self.row, self.column, self.reason, self.value = file, row, column, reason, value
        place = [f"填报表 {file}"]
        if row:
            place.append(f"第 {row} 行")
        if column:
            place.append(f"“{column}”列")
        shown = value if len(value) <= SHOWN_VALUE else value[:SHOWN_VALUE] + "…"
        super().__init__(f"{'，'.join(place)}：{reason}{f'（{shown}）' if shown else ''}")
