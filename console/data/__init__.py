"""Numbers of the command line, each with its source."""
