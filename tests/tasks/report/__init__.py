"""Tests of the inspection reports."""
