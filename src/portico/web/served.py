"""How the server tells its processes which city they serve: they begin afresh, and know the environment only.

Apart from the application, so that the process which starts them need not load it.
"""

CITY = "PORTICO_SERVED_CITY"
"""The variable that holds the folder of the city."""
