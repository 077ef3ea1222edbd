"""The identities judge the reading: scorer, candidates, and repairs of damaged readings."""
