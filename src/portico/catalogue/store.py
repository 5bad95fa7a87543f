"""The catalogue's tables."""

from sqlalchemy import JSON, Column, ForeignKey, String, Table, Text

from portico.database import metadata

dataset = Table(
    "dataset",
    metadata,
    Column("id", String(120), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("title", JSON, nullable=False),
    Column("description", JSON, nullable=False),
    Column("publisher", String(300), nullable=False),
    Column("licence", String(300), nullable=False),
    Column("attribution", Text, nullable=False),
    Column("source_url", Text, nullable=False),
)
distribution = Table(
    "distribution",
    metadata,
    Column("id", String(160), primary_key=True),
    Column("dataset", String(120), ForeignKey("dataset.id"), nullable=False),
    Column("media_type", String(100), nullable=False),
    Column("origin", Text, nullable=False),
)
