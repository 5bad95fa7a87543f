"""What is known of a sheet before it is opened."""

from __future__ import annotations

from dataclasses import dataclass, field

from portico.lake.limits import MAX_ISSUES

_MERGES = 200_000

Area = tuple[tuple[int, int], tuple[int, int]]


@dataclass(slots=True)
class SheetScan:
    """The filled cells of a sheet. Rows and columns count from 0; ``area`` is what an opener makes room for.

    ``padded`` are columns whose numbers are shown with leading zeros, with the digits shown. ``claimed`` is
    how many cells the sheet says it has, where the opener believes it. ``merges`` are areas
    (first and last cell) for formats whose opener does not tell.
    """

    cells: int = 0
    first_row: int = -1
    last_row: int = -1
    first_column: int = -1
    last_column: int = -1
    uncomputed: int = 0
    claimed: int = 0
    unplaced_rows: int = 0
    error_count: int = 0
    errors: list[tuple[int, int, str]] = field(default_factory=list)
    padded: dict[int, int] = field(default_factory=dict)
    merges: list[Area] = field(default_factory=list)

    def note(self, first_row: int, last_row: int, first_column: int, last_column: int, cells: int) -> None:
        """Take ``cells`` filled cells between these rows and columns into account."""
        if not self.cells:
            self.first_row, self.first_column = first_row, first_column
        self.cells += cells
        self.first_row = min(self.first_row, first_row)
        self.last_row = max(self.last_row, last_row)
        self.first_column = min(self.first_column, first_column)
        self.last_column = max(self.last_column, last_column)

    def note_error(self, row: int, column: int, text: str) -> None:
        """Take a cell with an error into account."""
        self.error_count += 1
        if len(self.errors) < MAX_ISSUES:
            self.errors.append((row, column, text))

    def note_merge(self, area: Area) -> None:
        """Take an area of merged cells into account."""
        if len(self.merges) < _MERGES:
            self.merges.append(area)

    @property
    def area(self) -> int:
        """How many cells the opener would make room for."""
        if not self.cells:
            return self.claimed
        outermost = (self.last_row - self.first_row + 1) * (self.last_column - self.first_column + 1)
        return max(outermost, self.claimed)

    @property
    def likeness(self) -> float:
        """How much the sheet looks like the one with the data: its filled cells, unless they are a single line."""
        is_line = self.first_column == self.last_column or self.first_row == self.last_row
        return self.cells / 1_000 if is_line else float(self.cells)


@dataclass(slots=True)
class WorkbookScan:
    """The sheets of a workbook in its order, and whether it holds programs.

    ``rewritten`` is the workbook as it is given to the opener, where it is not opened as it came.
    """

    sheets: list[SheetScan] = field(default_factory=list)
    has_macros: bool = False
    rewritten: bytes = b""

    @property
    def area(self) -> int:
        """How many cells the opener would make room for if it opened all sheets."""
        return sum(sheet.area for sheet in self.sheets)


def column_number(letters: str) -> int:
    """Return the number of a column, from 0.

    >>> column_number("A"), column_number("XFD")
    (0, 16383)
    """
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def column_letters(number: int) -> str:
    """Return the letters of a column whose number counts from 0.

    >>> column_letters(0), column_letters(16383)
    ('A', 'XFD')
    """
    letters, number = "", number + 1
    while number:
        number, left = divmod(number - 1, 26)
        letters = chr(65 + left) + letters
    return letters
