"""Makes the Data Docs of Great Expectations a site of its own: no network, no foreign scripts, movable."""

from __future__ import annotations

import re
from pathlib import Path

_EXTERNAL = re.compile(
    r"<link\b[^>]*?https?://[^>]*>|<script\b[^>]*\bsrc=[\"']https?://[^>]*>\s*</script>|<img\b[^>]*?https?://[^>]*>",
    re.IGNORECASE | re.DOTALL,
)
"""Style sheets, scripts and pictures that the pages would fetch from elsewhere."""

_EXTERNAL_URL = re.compile(r"url\((['\"]?)https?://[^)]*\)", re.IGNORECASE)
_FOOTER = re.compile(r"<footer\b.*?</footer>", re.IGNORECASE | re.DOTALL)
_ADVICE = ("iterative-dev-loop.png", "glossary_scroller.gif", "validation_failed_unexpected_values.gif")
"""Pictures of a guided tour that opens only with the foreign scripts."""

_STYLE = """<style>
body { font-family: system-ui, "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; margin: 0 auto; max-width: 80rem; padding: 1rem; }
table { border-collapse: collapse; width: 100%; } td, th { border: 1px solid #ccc; padding: .3rem .5rem; vertical-align: top; text-align: left; }
.modal, .navbar-toggler, #ge-cta-footer, .collapse:not(.show) { display: none; } .row { display: flex; flex-wrap: wrap; gap: 1rem; }
.col-md-2, .col-lg-2 { flex: 0 0 14rem; } .col-md-8, .col-lg-8, .col-md-10, .col-lg-10 { flex: 1; min-width: 40rem; }
.text-success { color: #1a7f37; } .text-danger { color: #b42318; } .text-warning { color: #b54708; }
.badge { padding: 0 .4rem; border: 1px solid #999; }
.d-none { display: none; } footer { display: none; }
</style>"""
"""What the pages need of a layout once the foreign style sheets are gone."""


def make_relocatable(site: Path) -> None:
    """Rewrite every page of a Data Docs site so that it needs nothing but itself.

    Args:
        site: The folder of the site.
    """
    for page in site.rglob("*.html"):
        html = page.read_text(encoding="utf-8")
        html = _FOOTER.sub("", _EXTERNAL_URL.sub("none", _EXTERNAL.sub("", html)))
        html = html.replace("</head>", f"{_STYLE}\n</head>", 1)
        page.write_text(html, encoding="utf-8")
    for name in _ADVICE:
        (site / "static" / "images" / name).unlink(missing_ok=True)
