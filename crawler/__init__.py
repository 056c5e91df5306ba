"""Gathering: what was registered, visited and seen. `crawler.facts` is its vocabulary."""
