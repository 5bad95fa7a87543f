"""Registers of sites of others, brought into a city's own and given to others.

``reading`` brings the records of a file and where they lie, ``importing`` puts them into the facts of a city,
``new_city`` writes the folder of a city that is known by its register only, ``exporting`` writes files.
"""
