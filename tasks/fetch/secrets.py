"""How do credentials reach a site and nothing else?

What the operator gives us, in an address or by an environment variable named in a registration, is put into the
request at the last moment. Everything that is logged, recorded or shown is the address without it.
"""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from filings.errors import UnusableInput
from tasks.candidate import Manners

_SECRET_PARAMETER = re.compile(
    r"^(access_?token|auth\w*|api_?key|app_?key|key|passw(or)?d|pwd|secret|sess\w*|sid|sig\w*|ticket|token|x-amz-\S+)$",
    re.IGNORECASE,
)
"""Names of parameters that hold what not everybody should know."""

HIDDEN = "***"
"""What stands for a secret."""

_users: dict[str, str] = {}
"""Origin -> ``user:password`` that was typed in an address; lives as long as the process."""

_shown: dict[str, str] = {}
"""Address without its secrets -> with its tokens, as it was typed."""

_values: set[str] = set()
"""The secrets that were read from the environment."""


def without_secrets(url: str) -> str:
    """A typed address without user, password, tokens and signatures; they are kept in memory for the requests."""
    if "://" not in url:
        return url
    parts = urlsplit(url)
    if "@" in parts.netloc:
        user, _, place = parts.netloc.rpartition("@")
        _users[f"{parts.scheme}://{place}".lower()] = unquote(user)
        url = parts._replace(netloc=place).geturl()
    shown = hide_secrets(url)
    if shown != url:
        _shown[shown] = url
    return shown


def with_secrets(url: str) -> str:
    """The address as it was typed in this process, but for user and password."""
    return _shown.get(url, url)


def hide_secrets(url: str) -> str:
    """The address as it may be logged and recorded: without user, password, tokens and signatures."""
    parts = urlsplit(url)
    netloc = parts.netloc.rpartition("@")[2]
    query = parts.query
    if any(_SECRET_PARAMETER.match(name) for name, _ in parse_qsl(query, keep_blank_values=True)):
        query = urlencode(
            [
                (name, HIDDEN if _SECRET_PARAMETER.match(name) else value)
                for name, value in parse_qsl(query, keep_blank_values=True)
            ],
            safe=HIDDEN,
        )
    shown = parts._replace(netloc=netloc, query=query).geturl()
    for value in _values:  # a site may send them back in an address of its own
        shown = shown.replace(value, HIDDEN).replace(quote(value, safe=""), HIDDEN)
    return shown


def secret_headers(url: str, manners: Manners) -> Mapping[str, str]:
    """The headers that the site at this address wants to know us by; none for any other site."""
    parts = urlsplit(url)
    headers: dict[str, str] = {}
    user = _users.get(f"{parts.scheme}://{parts.netloc}".lower())
    if user is not None:
        headers["Authorization"] = f"Basic {base64.b64encode(user.encode()).decode()}"
    for secret in manners.secrets if parts.netloc.lower() in manners.secret_hosts else ():
        if secret.header is not None:
            headers[secret.header] = _read(secret.environment)
    return headers


def secret_parameters(url: str, manners: Manners) -> Mapping[str, str]:
    """The parameters that are added to the address for the request alone."""
    if urlsplit(url).netloc.lower() not in manners.secret_hosts:
        return {}
    return {secret.query: _read(secret.environment) for secret in manners.secrets if secret.query is not None}


def _read(variable: str) -> str:
    value = os.environ.get(variable)
    if not value:
        raise UnusableInput(
            "no_credential", f"the site wants a credential: set the environment variable {variable} where runs start"
        )
    _values.add(value)
    return value
