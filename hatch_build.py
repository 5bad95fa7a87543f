"""What a wheel carries besides the package: the built front end (checked) and the city folders."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

MANIFEST = "src/portico/web/static/.vite/manifest.json"
FONT = "src/portico/dossier/document/fonts/DejaVuSans-Bold.ttf"
CITIES = "cities"
LEFT_OUT = frozenset({".portico", "shortlist.html"})


class PorticoBuildHook(BuildHookInterface[Any]):
    """Refuse a wheel without a portal, and the city folders into it."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Run before the wheel is written; an editable install needs neither."""
        if version == "editable":
            return
        root = Path(self.root)
        for made in (MANIFEST, FONT):
            if not (root / made).is_file():
                self.app.abort(f"The front end is not built ({made} is missing): run make frontend first.")
        for path in sorted((root / CITIES).rglob("*")):
            inside = path.relative_to(root)
            if path.is_file() and LEFT_OUT.isdisjoint(inside.parts):
                build_data["force_include"][str(path)] = f"portico/{inside.as_posix()}"
