"""Turns one article into a multi-week email series, renders each mail, and delivers it."""
