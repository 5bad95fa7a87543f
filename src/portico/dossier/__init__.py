"""What a reader takes away: the sheet of a site, the answer to a brief, as plain data or as a page to keep."""
