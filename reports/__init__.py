"""Telling: the neutral problem list (问题清单) and scorecard views, and the writers that turn them into files.

A writer is a function of a view and a path; none of them sees a database. Build `problems.UnitProblems` with
`problems.unit_problems`, put them into a `problems.InspectionView`, and hand that to `outbox.write`.
"""
