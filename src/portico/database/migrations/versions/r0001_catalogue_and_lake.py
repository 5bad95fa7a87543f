"""The catalogue's datasets and distributions, the lake's versions, publications, heads and citations."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the first tables."""
    op.create_table(
        "dataset",
        sa.Column("id", sa.String(120), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("title", sa.JSON, nullable=False),
        sa.Column("description", sa.JSON, nullable=False),
        sa.Column("publisher", sa.String(300), nullable=False),
        sa.Column("licence", sa.String(300), nullable=False),
        sa.Column("attribution", sa.Text, nullable=False),
        sa.Column("source_url", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_dataset"),
    )
    op.create_table(
        "distribution",
        sa.Column("id", sa.String(160), nullable=False),
        sa.Column("dataset", sa.String(120), nullable=False),
        sa.Column("media_type", sa.String(100), nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_distribution"),
        sa.ForeignKeyConstraint(["dataset"], ["dataset.id"], name="fk_distribution_dataset"),
    )
    op.create_table(
        "version",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("dataset", sa.String(120), nullable=False),
        sa.Column("distribution", sa.String(160), nullable=False),
        sa.Column("columns", sa.JSON, nullable=False),
        sa.Column("row_count", sa.BigInteger, nullable=False),
        sa.Column("file", sa.String(200), nullable=False),
        sa.Column("file_sha256", sa.String(64), nullable=False),
        sa.Column("file_bytes", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", "dataset", name="pk_version"),
        sa.ForeignKeyConstraint(["dataset"], ["dataset.id"], name="fk_version_dataset"),
        sa.ForeignKeyConstraint(["distribution"], ["distribution.id"], name="fk_version_distribution"),
    )
    op.create_table(
        "publication",
        sa.Column("dataset", sa.String(120), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("version", sa.String(64), nullable=False),
        sa.Column("published_at", sa.String(40), nullable=False),
        sa.Column("made_by", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("dataset", "number", name="pk_publication"),
        sa.ForeignKeyConstraint(["dataset"], ["dataset.id"], name="fk_publication_dataset"),
    )
    op.create_table(
        "head",
        sa.Column("dataset", sa.String(120), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("dataset", name="pk_head"),
        sa.ForeignKeyConstraint(["dataset"], ["dataset.id"], name="fk_head_dataset"),
    )
    op.create_table(
        "citation",
        sa.Column("dataset", sa.String(120), nullable=False),
        sa.Column("version", sa.String(64), nullable=False),
        sa.Column("cited_by", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("dataset", "version", "cited_by", name="pk_citation"),
    )
