"""The arithmetic of each kind of indicator: from an indicator and the evidence to an Outcome. One file a kind."""
