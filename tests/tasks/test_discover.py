from __future__ import annotations

from pathlib import Path

import pytest

from tasks.discover import discover
from tasks.sources import WrongSourceError, find_registry, read_registry

NO_REGISTRY = Path("no-such-registry")


def names(*sources: str, registry: Path = NO_REGISTRY) -> list[str]:
    return [candidate.file_name for candidate in discover(sources, registry).candidates]


def fill(folder: Path, *files: str) -> Path:
    for file in files:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text("x")
    return folder


def test_a_folder_gives_its_documents_by_name_and_depth_first(tmp_path: Path) -> None:
    fill(tmp_path, "b.pdf", "a/2.pdf", "a/1.md", "c", "预算.PDF")
    assert names(str(tmp_path)) == ["1.md", "2.pdf", "b.pdf", "c", "预算.PDF"]


def test_what_is_obviously_no_document_is_skipped_and_told(tmp_path: Path) -> None:
    fill(tmp_path, ".hidden", ".git/x", "~$a.docx", "Thumbs.db", "README.md", "build.py", "x.pdf.part", "a.pdf")
    found = discover([str(tmp_path)], NO_REGISTRY)
    assert [candidate.file_name for candidate in found.candidates] == ["a.pdf"]
    assert {Path(path).name for path in found.skipped} == {
        ".hidden", "~$a.docx", "Thumbs.db", "README.md", "build.py", "x.pdf.part",
    }  # fmt: skip


def test_a_file_that_is_named_is_a_candidate_whatever_it_is(tmp_path: Path) -> None:
    fill(tmp_path, "README.md")
    assert names(str(tmp_path / "README.md")) == ["README.md"]


def test_circles_of_links_end(tmp_path: Path) -> None:
    fill(tmp_path, "a/1.pdf")
    (tmp_path / "a" / "again").symlink_to(tmp_path)
    (tmp_path / "broken.pdf").symlink_to(tmp_path / "nowhere")
    assert names(str(tmp_path)) == ["1.pdf"]


def test_the_same_document_twice_is_one_candidate(tmp_path: Path) -> None:
    fill(tmp_path, "a.pdf")
    url = (tmp_path / "a.pdf").as_uri()
    assert names(str(tmp_path), str(tmp_path / "a.pdf"), url) == ["a.pdf"]


def test_names_that_need_quoting_survive(tmp_path: Path) -> None:
    fill(tmp_path, "2024 年#部门%预算?.pdf")
    (candidate,) = discover([str(tmp_path)], NO_REGISTRY).candidates
    assert names(candidate.uri) == ["2024 年#部门%预算?.pdf"]


def test_web_addresses() -> None:
    found = discover(["https://www.example.org/a/%E9%A2%84%E7%AE%97.pdf?x=1#top", "http://example.org/"], NO_REGISTRY)
    assert [(candidate.uri, candidate.file_name) for candidate in found.candidates] == [
        ("https://www.example.org/a/%E9%A2%84%E7%AE%97.pdf?x=1", "预算.pdf"),
        ("http://example.org/", "example.org"),
    ]


@pytest.mark.parametrize("source", ["no/such/path", "ftp://example.org/a.pdf", "https:///a.pdf", "file:///no/such"])
def test_a_source_that_names_nothing(source: str) -> None:
    with pytest.raises(WrongSourceError, match=source):
        discover([source], NO_REGISTRY)


def test_no_source_at_all() -> None:
    with pytest.raises(WrongSourceError, match="no SOURCE given"):
        discover([], NO_REGISTRY)


def register(registry: Path, name: str, text: str) -> None:
    registry.mkdir(exist_ok=True)
    (registry / f"{name}.yml").write_text(f"name: {name}\npublisher: P\n{text}", encoding="utf-8")


def test_registered_sources(tmp_path: Path) -> None:
    registry = tmp_path / "registry"
    fill(tmp_path, "documents/a.pdf")
    register(registry, "one", "entry_points:\n- folder: ../documents\nexpectations: {min_filings: 2}\n")
    register(registry, "two", "enabled: false\nentry_points:\n- url: https://example.org/b.pdf\n")
    assert names("one", "two", registry=registry) == ["a.pdf", "b.pdf"]
    found = discover([], registry)
    assert [candidate.source for candidate in found.candidates] == ["one"]
    assert found.warnings == ("source one: 1 documents found, at least 2 expected",)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("entry_points: []\n", r"bad\.yml:3: entry_points: "),
        ("entry_points:\n- url: nonsense\n", r"bad\.yml:4: entry_points\.0\.url: "),
        ("entry_points:\n- folder: x\nregion: 31\n", r"bad\.yml:5: region: "),
        ("entry_points:\n- folder: x\ncolour: red\n", r"bad\.yml:5: colour: Extra inputs"),
        ("", r"bad\.yml:1: entry_points: Field required"),
        ("entry_points: [\n", r"bad\.yml: not readable as YAML"),
        (
            "entry_points:\n- folder: x\nexpectations:\n  min_filings: 3\n  max_filings: 2\n",
            r"bad\.yml:5: expectations: .*max_filings is less",
        ),
    ],
)
def test_an_unsound_registration_is_told_with_file_line_and_field(tmp_path: Path, text: str, message: str) -> None:
    register(tmp_path, "bad", text)
    with pytest.raises(WrongSourceError, match=message):
        read_registry(tmp_path)


def test_the_file_is_named_as_the_source(tmp_path: Path) -> None:
    register(tmp_path, "one", "entry_points:\n- folder: x\n")
    (tmp_path / "one.yml").rename(tmp_path / "two.yml")
    with pytest.raises(WrongSourceError, match=r"two\.yml: name: the file is called two"):
        read_registry(tmp_path)


def test_the_bundled_registry_is_sound_and_offers_the_samples() -> None:
    registry = read_registry(find_registry())
    assert not registry["example_web"].enabled
    found = discover([], find_registry())
    assert len(found.candidates) >= 5
    assert not found.warnings
