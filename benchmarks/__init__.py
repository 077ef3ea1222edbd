"""Measurements that print what a step costs; not tests, for machines differ."""
