"""HTTP door: the JSON API and log-in."""
