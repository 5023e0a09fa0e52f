"""People as CSV files: read whatever a spreadsheet program writes, and written so that it reads back the same."""

from backmail.audience.files.exporting import export
from backmail.audience.files.importing import Import, carry_out, weigh
from backmail.audience.files.people import Entry, PeopleFile, read
from backmail.audience.files.sheet import MOST_BYTES, Sheet, sheet_of

__all__ = ["MOST_BYTES", "Entry", "Import", "PeopleFile", "Sheet", "carry_out", "export", "read", "sheet_of", "weigh"]
