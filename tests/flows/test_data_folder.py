from __future__ import annotations

from pathlib import Path

import pytest

from flows.data_folder import resolve_data_dir


def test_which_data_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("YUSUAN_DATA", raising=False)
    assert resolve_data_dir(None).root == tmp_path / "data"
    with pytest.raises(ValueError, match="YUSUAN_DATA"):
        resolve_data_dir(None, has_home=False)
    monkeypatch.setenv("YUSUAN_DATA", "/srv/yusuan")
    assert resolve_data_dir(None, has_home=False).root == Path("/srv/yusuan")
    assert resolve_data_dir("here").root == tmp_path / "here"
