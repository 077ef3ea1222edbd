"""Fetching from folders and from a real web server on loopback."""
