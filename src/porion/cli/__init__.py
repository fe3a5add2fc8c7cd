"""Command line and composition root: reads settings, builds everything, starts the doors."""
