"""What backmail remembers: one database, SQLite or PostgreSQL, and the few statements that sending stands on."""
