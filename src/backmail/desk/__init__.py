"""The writing desk: what a marketer does that takes several rooms at once."""
