"""What an installation weighs: the packages of the default lock, largest first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

LOCK = Path(__file__).parents[1] / "requirements" / "default.txt"
_MB = 1e6
_PROMISED_MB = 700


def report() -> Iterator[str]:
    """Yield the ten largest packages and the sum of all."""
    sizes = {}
    for name in re.findall(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==", LOCK.read_text(encoding="utf-8"), re.MULTILINE):
        try:
            files = metadata.distribution(name).files or []
        except metadata.PackageNotFoundError:
            continue  # a package for another platform
        sizes[name] = sum(path.stat().st_size for file in files if (path := Path(str(file.locate()))).is_file())
    static = sum(path.stat().st_size for path in (LOCK.parents[1] / "src" / "portico").rglob("*") if path.is_file())
    sizes["portico itself"] = static
    for name, size in sorted(sizes.items(), key=lambda one: -one[1])[:10]:
        yield f"{name:<34} {size / _MB:>8.1f} MB"
    every = f"all {len(sizes)} packages"
    yield f"{every:<34} {sum(sizes.values()) / _MB:>8.1f} MB  [promised under {_PROMISED_MB} MB]"
