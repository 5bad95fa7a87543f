"""portico: a city's open data turned into investment, with evidence.

Importing the package does nothing: no file is read, no connection opened, no thread started.
"""

__version__ = "0.1.0"
