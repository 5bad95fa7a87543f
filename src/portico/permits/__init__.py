"""Permits: the procedures of a project on a site, their order and terms. Not legal advice."""
