"""The register of sites exchanged with others: what a table of theirs says, what it would change, what ours says.

``fields`` names the columns, ``cells`` reads what stands in them, ``coordinates`` finds where they put a site,
``incoming`` turns a record into statements, ``merging`` compares them with what is known, ``keeping`` writes, and
``outgoing`` gives the register to others. Nothing here reads a file of others: ``build.register`` brings the records.
"""
