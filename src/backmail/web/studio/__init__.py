"""The studio: pages on this machine to look at drafts before anything is sent."""
