"""Durable work: retrieves, forwards, checks. DBOS remembers which steps were done."""
