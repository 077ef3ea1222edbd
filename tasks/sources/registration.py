"""What can be said about a source in its registration (公开来源登记)?

The fields of the YAML files under ``deployments/sources/``, with what each means: the documentation is generated from
here. Knows nothing of files, networks and folders.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, HttpUrl, Tag, field_validator, model_validator

DOCUMENT_SUFFIXES = ("pdf", "doc", "docx", "wps", "xls", "xlsx", "et", "ods", "zip", "rar", "md", "txt")
"""Suffixes under which filings and their attachments are published."""

_DAILY_AT_SIX = "0 6 * * *"
"""Default schedule: before office hours in Shanghai, when the sites are idle."""


class _Registration(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _is_pattern(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from error
    return pattern


class Patterns(_Registration):
    """Regular expressions; one that is found anywhere in the text is enough."""

    title: tuple[str, ...] = Field((), description="Looked for in the title (text of the link, title of the article).")
    link: tuple[str, ...] = Field((), description="Looked for in the address, percent-decoded.")

    _are_patterns = field_validator("title", "link")(lambda patterns: tuple(map(_is_pattern, patterns)))


class Selection(_Registration):
    """Which of the documents found are filings."""

    include: Patterns = Field(Patterns(), description="Of each list that is not empty, one pattern must be found.")
    exclude: Patterns = Field(Patterns(), description="None of these may be found.")
    first_year: Annotated[int, Field(ge=1990, le=2200)] | None = Field(
        None, description="Earlier years, where title, file name or address tell the year, are left out."
    )


class Css(_Registration):
    """Where something stands in a page, as a CSS selector (of parsel: with ``::text`` and ``::attr(name)``)."""

    css: str

    @field_validator("css")
    @classmethod
    def _is_css(cls, css: str) -> str:
        from parsel import css2xpath

        try:
            css2xpath(css)
        except Exception as error:
            raise ValueError(f"not a CSS selector: {error}") from error
        return css


class XPath(_Registration):
    """Where something stands in a page, as an XPath expression."""

    xpath: str

    @field_validator("xpath")
    @classmethod
    def _is_xpath(cls, xpath: str) -> str:
        from lxml import etree

        try:
            etree.XPath(xpath)
        except etree.XPathError as error:
            raise ValueError(f"not an XPath expression: {error}") from error
        return xpath


Place = Css | XPath
"""Where something stands in a page."""


class Paging(_Registration):
    """How a listing goes on. Several may be given: all pages they name are looked at."""

    next: Place | None = Field(None, description="The link to the next page (下一页).")
    pattern: str | None = Field(
        None, description="Address of a further page, relative to the first: ``index_{page}.html``."
    )
    first: int = Field(1, ge=0, description="The number that the second page has in `pattern`.")
    count: str | None = Field(
        None,
        description="Regular expression whose first group is the number of pages, the first one included; often in a "
        r"script: ``createPageHTML\((\d+)``. Without it, `pattern` goes on to a page that is absent or says nothing new.",
    )
    max_pages: int = Field(500, ge=1, le=20_000, description="Where to stop, loudly, whatever the site says.")

    @field_validator("count")
    @classmethod
    def _has_a_group(cls, count: str | None) -> str | None:
        if count is not None and re.compile(_is_pattern(count)).groups < 1:
            raise ValueError("needs a group: the number of pages")
        return count

    @field_validator("pattern")
    @classmethod
    def _has_a_place(cls, pattern: str | None) -> str | None:
        if pattern is not None and "{page}" not in pattern:
            raise ValueError("needs {page} where the number goes")
        return pattern

    @model_validator(mode="after")
    def _leads_on(self) -> Paging:
        if not (self.next or self.pattern):
            raise ValueError("needs next or pattern")
        return self


class Articles(_Registration):
    """What to take from the pages that a listing leads to (文章页与附件)."""

    within: Place | None = Field(
        None, description="The part of the page where attachments stand; without it, all of it."
    )
    suffixes: tuple[str, ...] = Field(DOCUMENT_SUFFIXES, description="Suffixes of links that are attachments.")
    marks: tuple[str, ...] = Field(
        ("附件", "附表"), description="Links with one of these in their text are attachments whatever their suffix."
    )
    include: Patterns = Field(Patterns(), description="Of each list that is not empty, an attachment must match one.")
    exclude: Patterns = Field(Patterns(), description="Attachments that match one are left out.")
    page: Literal["never", "without_attachments", "always"] = Field(
        "without_attachments", description="When the page itself is taken as a document."
    )


class ListingEntry(_Registration):
    """Pages of links (列表页): to documents, or to articles with attachments."""

    listing: HttpUrl = Field(description="The first page.")
    items: Place | None = Field(
        None, description="What holds one entry each; without it, every link of the page is one."
    )
    title: Place | None = Field(None, description="The title within an entry; without it, the link's title or text.")
    date: Place | None = Field(
        None, description="The date within an entry; an entry whose date changes is looked at again."
    )
    paging: Paging | None = None
    articles: Articles | None = Field(Articles(), description="null: links that are no documents are left out.")


class SitemapEntry(_Registration):
    """A sitemap (sitemap.xml, or an index of sitemaps; gzip too)."""

    sitemap: HttpUrl
    articles: Articles | None = Articles()


class FeedEntry(_Registration):
    """An RSS or Atom feed; enclosures are documents."""

    feed: HttpUrl
    articles: Articles | None = Articles()


class ApiPaging(_Registration):
    """How an API is asked for its next page: until a page has no items, or nothing new."""

    parameter: str = Field(description="The parameter that holds the number; in `json` or in the query.")
    first: int = Field(1, ge=0)
    step: int = Field(1, ge=1, description="1 where pages are counted, the page's size where items are.")
    max_pages: int = Field(500, ge=1, le=20_000)


class ApiEntry(_Registration):
    """A JSON API, as disclosure platforms (统一公开平台) have behind their pages; JSONP too."""

    api: HttpUrl
    query: dict[str, str | int] = Field({}, description="Parameters of the address.")
    body: dict[str, Any] | None = Field(None, description="Sent as JSON by POST.")
    form: dict[str, str | int] | None = Field(None, description="Sent as a form by POST.")
    paging: ApiPaging | None = None
    items: str = Field("@", description="JMESPath to the list of entries: ``data.rows``.")
    link: str = Field("url", description="JMESPath within an entry to an address or a list of addresses.")
    link_template: str | None = Field(
        None, description="Address made of an entry's fields: ``/file/{id}.pdf``; used instead of `link`."
    )
    title: str = Field("title", description="JMESPath within an entry.")
    date: str | None = Field(None, description="JMESPath within an entry.")
    articles: Articles | None = Articles()

    @field_validator("items", "link", "title", "date")
    @classmethod
    def _is_jmespath(cls, path: str | None) -> str | None:
        import jmespath

        if path is not None:
            try:
                jmespath.compile(path)
            except jmespath.exceptions.JMESPathError as error:
                raise ValueError(f"not a JMESPath expression: {error}") from error
        return path

    @model_validator(mode="after")
    def _has_one_body(self) -> ApiEntry:
        if self.body is not None and self.form is not None:
            raise ValueError("body and form exclude each other")
        return self


class UrlEntry(_Registration):
    """One document (直接链接)."""

    url: HttpUrl
    title: str | None = None


class UrlsEntry(_Registration):
    """A list of documents, here or in a text file beside the registration: address, then a blank and the title."""

    urls: Annotated[tuple[HttpUrl, ...], Field(min_length=1)] | Path


class FolderEntry(_Registration):
    """A folder of documents; a relative path starts at the registration's own folder."""

    folder: Path


class BucketEntry(_Registration):
    """An object store that speaks S3 (ListObjectsV2) over HTTP."""

    bucket: HttpUrl = Field(description="The bucket's address: ``https://bucket.s3.example.org/``.")
    prefix: str = Field("", description="Keys begin with it.")


Entry = ListingEntry | SitemapEntry | FeedEntry | ApiEntry | UrlEntry | UrlsEntry | FolderEntry | BucketEntry
"""Where documents are found."""

TAG_SUFFIX = " entry"
"""How the kinds of entry points are called in pydantic's locations."""

_KINDS = ("listing", "sitemap", "feed", "api", "url", "urls", "folder", "bucket")
"""The field that each kind of entry point must have, and no other has."""


def _kind_of(entry: Any) -> str | None:  # noqa: ANN401
    given = entry if isinstance(entry, dict) else getattr(entry, "model_fields_set", ())
    return next((kind + TAG_SUFFIX for kind in _KINDS if kind in given), None)


_AnyEntry = Annotated[
    Annotated[ListingEntry, Tag("listing entry")]
    | Annotated[SitemapEntry, Tag("sitemap entry")]
    | Annotated[FeedEntry, Tag("feed entry")]
    | Annotated[ApiEntry, Tag("api entry")]
    | Annotated[UrlEntry, Tag("url entry")]
    | Annotated[UrlsEntry, Tag("urls entry")]
    | Annotated[FolderEntry, Tag("folder entry")]
    | Annotated[BucketEntry, Tag("bucket entry")],
    Discriminator(
        _kind_of,
        custom_error_type="entry_kind",
        custom_error_message=f"an entry point needs one of the fields {', '.join(_KINDS)}",
    ),
]


class Credential(_Registration):
    """What a site wants to know of us; the secret itself is in the environment, never in the registration."""

    environment: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]*$")] = Field(
        description="The environment variable that holds the secret."
    )
    header: str | None = Field(None, description="Sent as this header: ``Authorization``.")
    query: str | None = Field(None, description="Sent as this parameter of the address.")

    @model_validator(mode="after")
    def _goes_somewhere(self) -> Credential:
        if (self.header is None) == (self.query is None):
            raise ValueError("needs header or query")
        return self


class Politeness(_Registration):
    """How the site is treated; its robots.txt is obeyed in any case, with its Crawl-delay."""

    requests_per_second: Annotated[float, Field(gt=0, le=10_000)] = Field(
        1.0, description="At most, over all workers, for each host. A longer Crawl-delay wins."
    )
    concurrency: Annotated[int, Field(ge=1, le=64)] = Field(
        2, description="Requests under way at once, over all workers, for each host."
    )
    recheck_days: Annotated[float, Field(ge=0)] = Field(
        14,
        description="After how many days a document that its listing shows unchanged is asked for again, by a "
        "conditional request; spread over the second half of that time. 0: in every run.",
    )


class Schedule(_Registration):
    """When the source is looked at by the scheduled deployment."""

    cron: str = Field(_DAILY_AT_SIX, description="Five fields.")
    timezone: str = "Asia/Shanghai"

    @field_validator("cron")
    @classmethod
    def _is_cron(cls, cron: str) -> str:
        from cronsim import CronSim, CronSimError

        try:
            CronSim(cron, datetime(2026, 1, 1, tzinfo=UTC))
        except CronSimError as error:
            raise ValueError(f"not a cron expression of five fields: {error}") from error
        return cron

    @field_validator("timezone")
    @classmethod
    def _is_zone(cls, timezone: str) -> str:
        from zoneinfo import available_timezones

        if timezone not in available_timezones():
            raise ValueError("not a time zone, such as Asia/Shanghai")
        return timezone


class Expected(_Registration):
    """How many filings there should be."""

    min: Annotated[int, Field(ge=0)] = 0
    max: Annotated[int, Field(ge=0)] | None = None

    @model_validator(mode="after")
    def _is_a_range(self) -> Expected:
        if self.max is not None and self.max < self.min:
            raise ValueError("max is less than min")
        return self


class EachYear(Expected):
    """How many filings each year should bring."""

    since: Annotated[int, Field(ge=1990, le=2200)] = Field(description="The first year.")
    due_month: Annotated[int, Field(ge=1, le=12)] = Field(
        5, description="From this month on, the current year's filings should be there."
    )


class Expectations(_Registration):
    """How many filings a complete run finds; outside of it the run says so."""

    min_filings: Annotated[int, Field(ge=0)] = Field(0, description="In all.")
    max_filings: Annotated[int, Field(ge=0)] | None = Field(None, description="In all.")
    years: dict[Annotated[int, Field(ge=1990, le=2200)], Expected] = Field({}, description="By year.")
    each_year: EachYear | None = Field(None, description="For the years that `years` does not name.")

    @model_validator(mode="after")
    def _is_a_range(self) -> Expectations:
        if self.max_filings is not None and self.max_filings < self.min_filings:
            raise ValueError("max_filings is less than min_filings")
        return self

    def by_year(self, today: date) -> dict[int, Expected]:
        """What each year should have brought by this day."""
        expected: dict[int, Expected] = {}
        if self.each_year is not None:
            last = today.year if today.month >= self.each_year.due_month else today.year - 1
            expected = dict.fromkeys(range(self.each_year.since, last + 1), self.each_year)
        return dict(sorted((expected | self.years).items()))


class Source(_Registration):
    """One registered source (公开来源): a YAML file under ``deployments/sources/``."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")] = Field(
        description="What is typed at ``yusuan ingest``; the file's name without ``.yml``."
    )
    publisher: Annotated[str, Field(min_length=1)] = Field(description="The body that publishes there (发布单位).")
    region: Annotated[str, Field(pattern=r"^\d{6}$")] | None = Field(
        None, description="Administrative division code (行政区划代码), 6 digits, in quotes."
    )
    level: Literal["central", "province", "city", "district", "township"] | None = Field(
        None, description="Level of government."
    )
    documents: tuple[Literal["department_budget", "unit_budget", "department_final", "unit_final", "other"], ...] = (
        Field((), description="Kinds of documents published there (部门预算、单位预算、部门决算、单位决算).")
    )
    note: str | None = Field(None, description="Whatever the next person should know.")
    enabled: bool = Field(True, description="False keeps it out of runs that name no source.")
    entry_points: Annotated[tuple[_AnyEntry, ...], Field(min_length=1)] = Field(description="Where the documents are.")
    select: Selection = Selection()
    credentials: tuple[Credential, ...] = ()
    politeness: Politeness = Politeness()
    schedule: Schedule | None = Field(None, description="Its own; without it, that of the daily deployment.")
    expectations: Expectations = Expectations()

    @property
    def is_on_web(self) -> bool:
        """Whether any entry point is not a folder."""
        return not all(isinstance(entry, FolderEntry) for entry in self.entry_points)
