"""A plan made anew and merged with the marketer's edits: for `resplit`, and for corrections once mails were sent."""
