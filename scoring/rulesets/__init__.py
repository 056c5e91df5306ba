"""The shipped 指标体系, one YAML file each; `docs/rulesets.md` shows them."""
