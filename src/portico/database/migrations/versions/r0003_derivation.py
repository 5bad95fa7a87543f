"""What a version was made of, where it was worked out from others."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the table of derivations."""
    op.create_table(
        "derivation",
        sa.Column("dataset", sa.String(120), nullable=False),
        sa.Column("version", sa.String(64), nullable=False),
        sa.Column("method", sa.JSON, nullable=False),
        sa.Column("rests_on", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("dataset", "version", name="pk_derivation"),
        sa.ForeignKeyConstraint(["dataset"], ["dataset.id"], name="fk_derivation_dataset"),
    )
