"""The judging room: pure functions from facts to verdicts. Its face is `model`, `registry` and `runner`."""
