"""Database, archive and spool: the one place for SQL and the one place for files."""
