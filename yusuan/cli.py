"""The command line: ``yusuan ingest``, ``findings``, ``show``, ``report``, ``status``, ``query``, ``rebuild``, ``serve``.

Exit status: 0 all inputs loaded; 3 finished, some inputs in quarantine; 2 wrong usage; 1 failed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from tasks.data_dir import DataDir

app = typer.Typer(
    name="yusuan",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help=(
        "Turns the budget filings of Chinese public bodies (部门预算公开) into a warehouse that can be trusted.\n\n"
        'Begin with `yusuan ingest samples`, then `yusuan findings` and `yusuan query "SELECT * FROM filings"`.'
    ),
    epilog="Exit status: 0 all inputs loaded; 3 finished, but some inputs are in quarantine; 2 wrong usage; 1 failed.",
)

FAILED = 1
WRONG_USAGE = 2

DataOption = Annotated[
    Path,
    typer.Option("--data", metavar="DIR", envvar="YUSUAN_DATA", help="The data folder: originals, Parquet, warehouse."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
VerboseOption = Annotated[bool, typer.Option("--verbose", "-v", help="Show the log of the run.")]

_HERE = Path("data")


@app.command()
def ingest(
    sources: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SOURCE]...",
            help="A file, a folder, a URL or the name of a registered source; none: all registered sources.",
        ),
    ] = None,
    source: Annotated[
        list[str] | None,
        typer.Option("--source", metavar="NAME", help="A registered source; may be given several times."),
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="Ask for everything that the sources show, due or not.")] = False,
    data: DataOption = _HERE,
    as_json: JsonOption = False,
    verbose: VerboseOption = False,
) -> None:
    """Bring filings into the warehouse: fetch, read, check and publish them.

    What cannot be used goes to quarantine with its reason, and the others load. To run the same again costs next to
    nothing: only what is new is read. While it works, the last good warehouse stays in place.
    """
    from yusuan.runs import run_ingest

    _finish(
        lambda: run_ingest(
            [*(sources or []), *_registered(source or [])],
            _folder(data),
            is_full=full,
            as_json=as_json,
            is_verbose=verbose,
        )
    )


@app.command()
def findings(
    filing: Annotated[
        str | None, typer.Option(help="Start of a filing's id, or part of its issuer's or file's name.")
    ] = None,
    severity: Annotated[str | None, typer.Option(help="error, warning or info.")] = None,
    category: Annotated[str | None, typer.Option(help="E.g. arithmetic, cross_statement, extraction.")] = None,
    rule: Annotated[str | None, typer.Option(help="Id of a rule, as in table rules.")] = None,
    data: DataOption = _HERE,
    as_json: JsonOption = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
) -> None:
    """List what is wrong in the filings: each finding with its page, what was expected and what is printed."""
    from yusuan.reading import read_findings, show_findings

    if severity not in (None, "error", "warning", "info"):
        raise typer.BadParameter("must be error, warning or info", param_hint="--severity")
    if as_json and as_csv:
        raise typer.BadParameter("--json and --csv exclude each other")
    wanted = {"filing": filing, "severity": severity, "category": category, "rule": rule}
    with _errors():
        show_findings(read_findings(_folder(data), wanted), as_json=as_json, as_csv=as_csv)


@app.command()
def show(
    identifier: Annotated[str, typer.Argument(metavar="LINE_ITEM_ID|FINDING_ID", help="What to look up.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Draw the page around it into this PNG file.")
    ] = None,
    data: DataOption = _HERE,
    as_json: JsonOption = False,
) -> None:
    """Say where a number or a finding is printed: file, page and box; with -o draw the page around it."""
    from yusuan.places import run_show

    _finish(lambda: run_show(identifier, output, _folder(data), as_json=as_json))


@app.command()
def report(
    filing: Annotated[
        str, typer.Argument(metavar="FILING", help="Start of its id, or part of its issuer's or file's name.")
    ],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="Where to write.")] = Path(),
    data: DataOption = _HERE,
) -> None:
    """Write the inspection report of one filing: HTML with cuts of the pages, and an XLSX checklist.

    The reports of all filings are also among the published files, under reports/.
    """
    from yusuan.places import run_report

    _finish(lambda: run_report(filing, output, _folder(data)))


@app.command()
def status(data: DataOption = _HERE, as_json: JsonOption = False) -> None:
    """Say what the data folder holds: filings, statements, checks, quarantine, last run."""
    from yusuan.reading import show_status

    with _errors():
        show_status(_folder(data), as_json=as_json)


@app.command()
def query(
    sql: Annotated[str, typer.Argument(metavar="SQL", help='E.g. "SELECT * FROM filings".')],
    data: DataOption = _HERE,
    as_json: JsonOption = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
) -> None:
    """Ask the warehouse in SQL, read-only. `yusuan query "SHOW TABLES"` tells what is in it."""
    from yusuan.reading import read_query, show_rows

    if as_json and as_csv:
        raise typer.BadParameter("--json and --csv exclude each other")
    with _errors():
        show_rows(read_query(_folder(data), sql), as_json=as_json, as_csv=as_csv)


@app.command()
def rebuild(data: DataOption = _HERE, as_json: JsonOption = False, verbose: VerboseOption = False) -> None:
    """Build the warehouse anew from the Parquet files, without looking at any source."""
    from yusuan.runs import run_rebuild

    _finish(lambda: run_rebuild(_folder(data), as_json=as_json, is_verbose=verbose))


@app.command()
def serve(
    data: DataOption = _HERE,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port of the UI on 127.0.0.1; 0: any that is free.")
    ] = 4200,
) -> None:
    """Run Prefect's server and UI on this machine, with the ingest of all registered sources every day.

    Needs no further set-up; Ctrl-C ends all of it.
    """
    from yusuan.serve import run_serve

    _finish(lambda: run_serve(_folder(data), port))


sources_app = typer.Typer(no_args_is_help=True, help="Registered sources: the sites that scheduled runs look at.")
app.add_typer(sources_app, name="sources")


@sources_app.command("list")
def list_sources(as_json: JsonOption = False) -> None:
    """List the registered sources."""
    from yusuan.sources import show_sources

    _finish(lambda: show_sources(as_json=as_json))


@sources_app.command("check")
def check_source(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The registered name.")], as_json: JsonOption = False
) -> None:
    """Show what a source would find, without downloading a document.

    Exit status 3: pages could not be read, or fewer filings were found than the registration expects.
    """
    from yusuan.sources import check_source as check

    _finish(lambda: check(name, as_json=as_json))


def _registered(names: list[str]) -> list[str]:
    from tasks.sources import WrongSourceError, find_registry, read_registry

    registry = find_registry()
    with _errors():
        for name in set(names) - set(read_registry(registry)):
            raise WrongSourceError(
                f"{name}: no source of that name is registered in {registry}; see `yusuan sources list`"
            )
    return names


def _folder(data: Path) -> DataDir:
    return DataDir(data.absolute())


def _finish(command: Callable[[], int]) -> None:
    with _errors():
        raise typer.Exit(command())


@contextmanager
def _errors() -> Iterator[None]:
    """Turn the errors that a person can act on into a message and an exit status; others keep their traceback."""
    from tasks.sources import WrongSourceError
    from yusuan.terminal import fail

    try:
        yield
    except WrongSourceError as error:
        fail(str(error))
        raise typer.Exit(WRONG_USAGE) from error
    except KeyboardInterrupt as error:
        fail("stopped; what was done is kept, and the same command goes on from there")
        raise typer.Exit(130) from error
    except Exception as error:
        if type(error).__name__ not in _SPEAKING_ERRORS and not type(error).__module__.startswith("_duckdb"):
            raise
        fail(str(error))
        raise typer.Exit(FAILED) from error


_SPEAKING_ERRORS = frozenset(
    {"NoWarehouseError", "NoSuchPlaceError", "GateClosedError", "AnotherRunError", "NoServerError", "PortTakenError"}
)
"""By name: to import their modules would import Prefect."""
