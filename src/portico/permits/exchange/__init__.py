"""Permits in the words of others: services as CPSV-AP, a case in the form of the Italian one-stop shop."""
