"""A city's folder opened as one city: settings, facts, register of sites, calendar."""

from portico.city.opening import City, find, open  # noqa: A004 - city.open(folder) is how it reads

__all__ = ["City", "find", "open"]
