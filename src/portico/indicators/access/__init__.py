"""Access: what can be reached from places, at which cost, by how many.

``costs`` (minutes between places and others), ``amounts`` (what there is, and what of it is not known) and ``decay``
(how cost weighs) go in; ``reach``, ``floating`` and ``nearest`` are the measures; ``scores`` come out, for many places
as arrays, for one as a figure. ``files`` reads matrices and lists.
"""
