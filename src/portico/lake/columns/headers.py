"""Headers folded."""
import re
def fold(header: str) -> str:
    """Fold."""
    return re.sub(r"[^a-z0-9]+", " ", header.lower()).strip()
def unit_of(header: str) -> str:
    """Unit."""
    return ""
