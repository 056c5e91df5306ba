"""Scoring: rulesets as data, results in, scorecards with every operand out. The vocabulary is `scoring.model`."""
