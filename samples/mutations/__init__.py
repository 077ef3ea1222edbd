"""Every way in which one thing in a sample can be wrong: one number, code, word, year or row changed at a time.

`list_mutations` gives all of them for a faultless filing; `samples.mutations.choose` a seeded selection. Nothing here
knows what a rule looks for.
"""

from __future__ import annotations

from samples.mutations.choose import choose_mutations, list_mutations
from samples.mutations.mutation import KINDS, Mutation

__all__ = ["KINDS", "Mutation", "choose_mutations", "list_mutations"]
