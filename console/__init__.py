"""The faces of the house: the command line and, later, the web console."""
