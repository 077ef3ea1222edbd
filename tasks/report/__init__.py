"""Warehouse → inspection report of a filing: HTML for reading with cuts of the pages, XLSX in the layout of a checklist."""

from tasks.report.publication import ReportsMade, write_report, write_reports

__all__ = ["ReportsMade", "write_report", "write_reports"]
