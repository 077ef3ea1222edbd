"""Which sources are registered, and what does each registration say?"""

from tasks.sources.registration import DOCUMENT_SUFFIXES, Politeness, Source
from tasks.sources.registry import (
    REGISTRY_SETTING,
    WrongSourceError,
    find_registry,
    read_registry,
    read_source,
)

__all__ = [
    "DOCUMENT_SUFFIXES",
    "REGISTRY_SETTING",
    "Politeness",
    "Source",
    "WrongSourceError",
    "find_registry",
    "read_registry",
    "read_source",
]
