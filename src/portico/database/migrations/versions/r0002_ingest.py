"""What ingest keeps: the receipts of bytes, what was found in them, versions held because of personal data."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the tables of ingest."""
    op.create_table(
        "receipt",
        sa.Column("dataset", sa.String(120), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("received_at", sa.String(40), nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("how", sa.JSON, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("file", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("dataset", "sha256", "received_at", name="pk_receipt"),
        sa.ForeignKeyConstraint(["dataset"], ["dataset.id"], name="fk_receipt_dataset"),
    )
    op.create_table(
        "examination",
        sa.Column("dataset", sa.String(120), nullable=False),
        sa.Column("version", sa.String(64), nullable=False),
        sa.Column("receipt", sa.String(64), nullable=False),
        sa.Column("report", sa.JSON, nullable=False),
        sa.Column("rejects_file", sa.String(200), nullable=False),
        sa.Column("reject_count", sa.BigInteger, nullable=False),
        sa.Column("examined_at", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("dataset", "version", name="pk_examination"),
        sa.ForeignKeyConstraint(["dataset"], ["dataset.id"], name="fk_examination_dataset"),
    )
    op.create_table(
        "hold",
        sa.Column("dataset", sa.String(120), nullable=False),
        sa.Column("version", sa.String(64), nullable=False),
        sa.Column("reasons", sa.JSON, nullable=False),
        sa.Column("held_at", sa.String(40), nullable=False),
        sa.Column("decision", sa.String(20), nullable=False),
        sa.Column("decided_by", sa.String(200), nullable=False),
        sa.Column("decided_at", sa.String(40), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("became", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("dataset", "version", name="pk_hold"),
        sa.ForeignKeyConstraint(["dataset"], ["dataset.id"], name="fk_hold_dataset"),
    )
