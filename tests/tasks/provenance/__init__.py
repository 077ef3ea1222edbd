"""Tests of the way from a number back to the page."""
