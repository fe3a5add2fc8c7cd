"""What the clinic can do, one verb per file, and the ports that it needs. Opens nothing itself."""
