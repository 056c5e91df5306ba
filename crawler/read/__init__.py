"""Pure reading: bytes in, facts out. Nothing here touches the network."""
