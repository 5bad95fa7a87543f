"""One file a format: from a member to the tables in it."""
