"""The words of the Italian one-stop shop (SUAP): states, operations, clocks, by version of its specification.

AgID, *Specifiche tecniche* under DPR 160/2010, repository AgID/specifiche-tecniche-DPR-160-2010: v1.0.0 of 8 February
2024, "approved02" of 4 June 2024, and the later commit 06e3a67. The specification is still moving: what a version does
not know is not written in it, and a state without its like in another version is refused rather than guessed.
"""

from __future__ import annotations

from collections.abc import Mapping

VERSIONS = ("v1.0.0", "approved02", "06e3a67")
LATEST = VERSIONS[-1]

_EVERYWHERE = (
    "started",
    "presented",
    "correction_requested",
    "corrected",
    "refused",
    "integration_requested",
    "integrated",
    "ended_by_integration_times_expired",
    "cdss_convened",
    "ended_by_suspension_requested",
    "ended_by_proceeding_time_expired",
    "ended_by_positive_outcome",
    "ended_by_submitter_cancel_requested",
)
STATES: Mapping[str, tuple[str, ...]] = {
    "v1.0.0": (*_EVERYWHERE, "ended_by_conformation_requested"),
    "approved02": (*_EVERYWHERE, "ended_by_conformation_requested", "ended_by_negative_outcome"),
    "06e3a67": (
        *_EVERYWHERE,
        "ended_by_negative_outcome",
        "conformation_requested",
        "conformated",
        "ended_by_conformation_times_expired",
        "instance_transferred",
    ),
}
# What a state is called elsewhere: in the older versions a request to conform ended the case.
ALIKE: Mapping[str, tuple[str, ...]] = {
    "conformation_requested": ("ended_by_conformation_requested",),
    "ended_by_conformation_requested": ("conformation_requested",),
}
WORKFLOWS: Mapping[str, tuple[str, ...]] = {
    "v1.0.0": ("SCIA", "AUTORIZZAZIONE"),
    "approved02": ("SCIA", "AUTORIZZAZIONE", "SILENZIO-ASSENSO", "COMUNICAZIONE"),
    "06e3a67": ("SCIA", "AUTORIZZAZIONE", "PROVVEDIMENTO-CONDIZIONATO", "SCIA-CONDIZIONATA"),
}
OPERATIONS = (
    "send_instance",
    "notify_receipt",
    "request_correction",
    "request_integration",
    "request_conformation",
    "send_conclusions",
    "request_cdss",
    "cancel_instance",
    "notify",
    "retry",
    "request_instance_document",
)
ACTORS = ("FO", "BO", "ET", "RI", "CU", "CSSU")
"""Front office, back office, third body, business register, ComUnica, catalogue of the single-desk system."""
CLOCKS = (
    "max_gg_proc",
    "max_gg_correction_req",
    "max_gg_correction",
    "max_gg_admissibility",
    "max_gg_int_req",
    "max_gg_int_resp",
    "max_gg_conf_req",
    "max_gg_conf_resp",
    "max_gg_concl_send",
    "max_gg_cds_pre_req",
    "max_gg_cds_istr_req",
    "max_gg_cds_dec_req",
    "max_gg_cdss_req",
    "max_gg_inspection",
    "max_gg_prov_cond_ext_req",
)
"""Days counted from the start of the case; the first one must be there."""
HASHES = ("S256", "S384", "S512")


def state_in(version: str, state: str) -> str | None:
    """Return what ``state`` is called in a version; None where that has nothing like it.

    >>> state_in("approved02", "conformation_requested"), state_in("v1.0.0", "instance_transferred")
    ('ended_by_conformation_requested', None)
    """
    known = STATES[version]
    return state if state in known else next((one for one in ALIKE.get(state, ()) if one in known), None)
