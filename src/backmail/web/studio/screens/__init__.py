"""What each screen of the studio says: drafts and a view in, names for a template out."""
