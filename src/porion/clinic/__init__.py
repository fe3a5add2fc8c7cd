"""What the clinic decides: matching, grades, queue states, permissions. Pure."""
