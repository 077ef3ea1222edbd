"""What holds for all tests."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("steady", deadline=None)
settings.load_profile("steady")
"""How long an example takes says more of the machine than of the code; what must end says so with a limit of its own."""
