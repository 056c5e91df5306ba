"""What touches the network: spider, outcome classifier, guard, probes, off-site links, browser."""
