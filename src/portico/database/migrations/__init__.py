"""Hand-written migrations, run by Alembic."""
