"""Which data folder does a run work on?"""

from __future__ import annotations

import os
from pathlib import Path

from tasks.data_dir import DataDir

DATA_SETTING = "YUSUAN_DATA"
"""Environment variable that names the data folder."""


def resolve_data_dir(data: str | None, *, has_home: bool = True) -> DataDir:
    """The data folder as given, or by the setting YUSUAN_DATA, or ./data; always absolute.

    Args:
        data: As given, if it was.
        has_home: False where the working folder is a temporary one, as a worker's is.

    Raises:
        ValueError: Nothing names the folder, and ./data would be lost.
    """
    named = data or os.environ.get(DATA_SETTING)
    if not (named or has_home):
        raise ValueError(f"no data folder is named: set {DATA_SETTING} where the worker runs, or the parameter `data`")
    return DataDir(Path(named or "data").absolute())
