"""The lexicons that come with the program, in the form that an office writes its own in."""
