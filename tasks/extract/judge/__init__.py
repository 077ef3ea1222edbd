"""Which reading is right? Where a reading is open, the candidate that closes more identities is taken (勾稽关系评判读法)."""
