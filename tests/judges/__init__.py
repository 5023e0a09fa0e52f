"""Judges from outside: other people's programs look at our mails, and each gives a table of what it thinks."""
