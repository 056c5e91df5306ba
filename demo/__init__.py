"""The demo city in a box: fictional sites and account platforms with known faults, served on loopback."""
