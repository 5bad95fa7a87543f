"""Minutes from many positions at once, as ``territory.queries`` has them from one: the same rules, in arrays."""
