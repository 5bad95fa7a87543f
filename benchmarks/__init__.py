"""Measurements: our code beside a reference in one run, so that the ratio holds on any machine."""
