"""Pages: those that mails link to, served by whoever runs the engine, and the studio, served on this machine alone.

The two share no import: who looks at drafts does not wait for the database's libraries.
"""
