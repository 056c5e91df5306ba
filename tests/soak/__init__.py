"""Long runs (`make soak`): what only shows over many nights."""
