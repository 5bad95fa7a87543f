"""The one guarded way out to the network: an address in, a file beside what is asked for out, or one sentence why not.

Nothing else in the house opens a connection. What is guarded is said in ``docs/decisions/0008-network.md``:
``addresses`` decides what may be asked and reached, ``connection`` reaches only what was decided, ``part`` holds what
has come so far to its limits, ``fetcher`` puts them together with patience. The HTTP library is imported when the first
address is fetched.
"""

from portico.fetch.fetcher import Fetcher
from portico.fetch.model import Arrival, Fetched, FetchLimits, Known

__all__ = ["Arrival", "FetchLimits", "Fetched", "Fetcher", "Known"]
