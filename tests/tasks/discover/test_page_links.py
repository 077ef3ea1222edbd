"""Links of pages as government sites write them."""

from __future__ import annotations

import pytest

from tasks.discover.found import Found, Link, address_key, file_name_of, find_year, is_wanted
from tasks.discover.page_links import Page, PageReader
from tasks.fetch.charset import decode_page
from tasks.fetch.page_instead import expects_file, suffix_of
from tasks.sources.registration import Articles, Css, ListingEntry, Patterns, Selection, XPath

HERE = "https://www.example.org/a/b/t1.html"


def reader(html: str, encoding: str = "utf-8", content_type: str | None = None) -> PageReader:
    return PageReader(Page(HERE, html.encode(encoding), content_type))


def attachments(html: str, articles: Articles = Articles()) -> list[tuple[str, str | None]]:  # noqa: B008
    return [(link.url, link.title) for link in reader(html).attachments(articles)]


@pytest.mark.parametrize(
    ("html", "url"),
    [
        ("<a href='P1.pdf'>x</a>", "https://www.example.org/a/b/P1.pdf"),
        ("<a href='./P1/../P2.pdf#page=2'>x</a>", "https://www.example.org/a/b/P2.pdf"),
        ("<a href='/预算 1.pdf'>x</a>", "https://www.example.org/%E9%A2%84%E7%AE%97%201.pdf"),
        ("<a href='/%E9%A2%84.pdf'>x</a>", "https://www.example.org/%E9%A2%84.pdf"),
        ("<base href='https://f.example.org/x/'><a href='1.doc'>x</a>", "https://f.example.org/x/1.doc"),
        ("<a href='//f.example.org/1.XLSX'>x</a>", "https://f.example.org/1.XLSX"),
        ("<a href='/down.jsp?id=1&name=a.pdf'>x</a>", "https://www.example.org/down.jsp?id=1&name=a.pdf"),
        ("<a href='/download?id=7'>附件：预算表</a>", "https://www.example.org/download?id=7"),
        ("<a href='javascript:open(\"/f/1.pdf\")'>x</a>", "https://www.example.org/f/1.pdf"),
        ("<span onclick=\"location.href='/f/2.pdf'\">x</span>", "https://www.example.org/f/2.pdf"),
        ("<span data-url='/f/3.pdf'>x</span>", "https://www.example.org/f/3.pdf"),
        ("<iframe src='/v/viewer.html?file=%2Ff%2F4.pdf'></iframe>", "https://www.example.org/f/4.pdf"),
        ("<embed src='5.pdf'>", "https://www.example.org/a/b/5.pdf"),
        ("<script>show({url: '\\/f\\/6.pdf'})</script>", "https://www.example.org/f/6.pdf"),
        ("<a href='/f/7.pdf;jsessionid=AB12?x=1'>x</a>", "https://www.example.org/f/7.pdf?x=1"),
    ],
)
def test_attachments(html: str, url: str) -> None:
    assert [found for found, _ in attachments(html)] == [url]


@pytest.mark.parametrize(
    "html",
    ["<a href='next.html'>下一页</a>", "<a href='mailto:a@example.org'>x</a>", "<a href='http://['>附件</a>", "<a>附件</a>",
     "<a href='javascript:window.close()'>附件</a>", ""],
)  # fmt: skip
def test_what_is_no_attachment(html: str) -> None:
    assert attachments(html) == []


def test_rules_of_attachments() -> None:
    html = "<div id=m><a href='1.pdf'>预算表</a><a href='2.pdf'>政策解读</a><a href='1.pdf'></a></div><a href='3.pdf'>x</a>"
    rules = Articles(within=Css(css="#m"), exclude=Patterns(title=("解读",)))
    assert attachments(html, rules) == [("https://www.example.org/a/b/1.pdf", "预算表")]


def test_a_listing_with_items_titles_dates_and_next_page() -> None:
    html = (
        "<ul><li><a href='1.html'>短…</a><b>某局2024年部门预算</b><i>2024-02-01</i></li><li>no link</li></ul>"
        "<a class=n href='index_2.html'>下一页</a>"
    )
    entry = ListingEntry.model_validate({"listing": HERE, "items": {"css": "li"}, "title": {"xpath": ".//b"}})
    assert reader(html).listing(entry) == [
        Link("https://www.example.org/a/b/1.html", "某局2024年部门预算", "2024-02-01")
    ]
    for place in (Css(css="a.n"), XPath(xpath="//a[contains(., '下一页')]/@href"), Css(css="a.n::attr(href)")):
        assert reader(html).next_pages(place) == ["https://www.example.org/a/b/index_2.html"]


@pytest.mark.parametrize(
    ("encoding", "declared", "header"),
    [
        ("gb18030", "gb2312", None),
        ("gb18030", "gb2312", "text/html; charset=utf-8"),
        ("utf-8", "gb2312", None),
        ("utf-8", "utf-8", "text/html; charset=ISO-8859-1"),
        ("gb18030", "", None),
        ("utf-16", "", None),
    ],
)
def test_charsets_that_are_declared_wrongly(encoding: str, declared: str, header: str | None) -> None:
    text = f"<meta charset='{declared}'><a href='?q=预算'>某区財政局镕</a>"
    assert "某区財政局镕" in decode_page(text.encode(encoding), header)[0]


def test_queries_are_encoded_in_the_charset_of_the_page() -> None:
    html = "<meta charset='gb2312'><a href='/down?n=预算.pdf'>附件</a>"
    found = reader(html, "gb18030").attachments(Articles())
    assert [link.url for link in found] == ["https://www.example.org/down?n=%D4%A4%CB%E3.pdf"]


def test_names_years_and_keys() -> None:
    assert file_name_of("https://e.org/a/%E9%A2%84.pdf") == "预.pdf"
    assert file_name_of("https://e.org/a/%D4%A4%CB%E3.pdf") == "预算.pdf"
    assert find_year("关于2023年决算及2025 年预算", None) == 2023
    assert find_year("W020240301.pdf") is None
    assert find_year(None, "budget_2024.pdf") == 2024
    assert address_key("https://E.org/a.pdf?b=1&a=2#x") == address_key("https://e.org/a.pdf?a=2&b=1")
    assert suffix_of("https://e.org/a.b/c") == ""
    assert expects_file("https://e.org/down.do?f=x.docx")
    assert not expects_file("https://e.org/x.html")


def test_selection() -> None:
    selection = Selection(
        include=Patterns(title=("预算", "决算")), exclude=Patterns(title=("培训",), link=("/old/",)), first_year=2020
    )
    wanted = {
        title: is_wanted(selection, Found(Link(f"https://e.org/{path}", title), ""))
        for title, path in [
            ("2024年部门预算", "a"), ("2019年部门预算", "a"), ("预算培训", "a"), ("新闻", "a"), ("部门决算", "old/a"), ("单位决算", "a"),
        ]
    }  # fmt: skip
    assert [title for title, is_taken in wanted.items() if is_taken] == ["2024年部门预算", "单位决算"]
