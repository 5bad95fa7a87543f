"""Clusters: is an industry gathered in an area, which industries share skills with it, and how sure is that.

``quotient``, ``agglomeration`` and ``cluster_index`` are measures of an industry in areas, ``relatedness`` of pairs of
industries; all pure functions of numbers. ``counts`` says how many firms a number rests on; ``industries`` reads a
city's tables, ``answers`` puts both together into figures.
"""
