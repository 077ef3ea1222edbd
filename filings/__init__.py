"""What a filing is: statement forms, measures, classification codes, amounts, units, and the records of every step."""
