"""Tests of what a filing is."""
