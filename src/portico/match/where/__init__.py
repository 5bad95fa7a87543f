"""A brief over every cell of a territory: how suitable it is, for places nobody listed."""
