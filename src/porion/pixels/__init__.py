"""Pixels decoded, transcoded and drawn, by processes that a hostile file may bring down."""
