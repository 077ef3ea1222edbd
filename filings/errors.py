"""What can go wrong with an input, and what a person should do about it.

Two roots: `UnusableInput` is final (the input goes to quarantine), `TryAgain` is transient (Prefect retries it).
"""

from __future__ import annotations


class UnusableInput(Exception):
    """An input that no retry will make readable (terminal; ends in quarantine).

    Args:
        reason_code: Short stable code, e.g. ``encrypted_pdf``; the key of the quarantine table.
        reason: What was found and what to do about it, in a sentence or two that a person can act on.
    """

    def __init__(self, reason_code: str, reason: str) -> None:
        super().__init__(f"{reason_code}: {reason}")
        self.reason_code = reason_code
        self.reason = reason

    def __reduce__(self) -> tuple[type[UnusableInput], tuple[str, str]]:
        return (type(self), (self.reason_code, self.reason))


class TryAgain(Exception):
    """A failure that may pass by itself: a time-out, a 503, a full disk (transient; Prefect retries).

    Args:
        reason_code: The code under which the input is quarantined once the retries are used up.
        reason: What happened and what to do if it stays.
    """

    def __init__(self, reason_code: str, reason: str) -> None:
        super().__init__(f"{reason_code}: {reason}")
        self.reason_code = reason_code
        self.reason = reason

    def __reduce__(self) -> tuple[type[TryAgain], tuple[str, str]]:
        return (type(self), (self.reason_code, self.reason))
