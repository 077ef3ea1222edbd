"""Tests of looking at sites and of fetching from them, against a real server."""
