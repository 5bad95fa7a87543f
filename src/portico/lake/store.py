"""The lake's tables: versions, the log of publications, the head of each dataset, who cites what."""

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Integer, String, Table

from portico.database import metadata

version = Table(
    "version",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("dataset", String(120), ForeignKey("dataset.id"), primary_key=True),
    Column("distribution", String(160), ForeignKey("distribution.id"), nullable=False),
    Column("columns", JSON, nullable=False),
    Column("row_count", BigInteger, nullable=False),
    Column("file", String(200), nullable=False),
    Column("file_sha256", String(64), nullable=False),
    Column("file_bytes", BigInteger, nullable=False),
)
publication = Table(
    "publication",
    metadata,
    Column("dataset", String(120), ForeignKey("dataset.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("version", String(64), nullable=False),
    Column("published_at", String(40), nullable=False),
    Column("made_by", String(80), nullable=False),
)
head = Table(
    "head",
    metadata,
    Column("dataset", String(120), ForeignKey("dataset.id"), primary_key=True),
    Column("number", Integer, nullable=False),
)
citation = Table(
    "citation",
    metadata,
    Column("dataset", String(120), primary_key=True),
    Column("version", String(64), primary_key=True),
    Column("cited_by", String(200), primary_key=True),
)
