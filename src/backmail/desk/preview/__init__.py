"""The campaigns of a project as their files stand now, ready to be looked at: drafts, mails, looks, findings."""
