"""Small filings of our own making in the official layouts, and the generator that draws them from facts."""
