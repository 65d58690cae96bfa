"""The way of an item from draft to release: every step that exists, and who may take it.

The path is that of the programme: creator → editor of the OPD → quality control (TAG) → controller.
"""

from dataclasses import dataclass

DRAFT, RETURNED = "draft", "returned"
SUBMITTED = "submitted"  # waits for an editor of the OPD
EDITED = "edited"  # waits for quality control
CHECKED = "checked"  # waits for a controller
CONFIRMING = "confirming"  # waits for a second controller, in the time of an election
APPROVED = "approved"  # scheduled for its week, and frozen
RELEASED, CLOSED = "released", "closed"
REPLACED = "replaced"  # a newer version was approved in its place
DROPPED = "dropped"

OPEN_TO_AUTHOR = (DRAFT, RETURNED)
WAITING = (SUBMITTED, EDITED, CHECKED, CONFIRMING)
PLANNED = (APPROVED, RELEASED)

SYSTEM = "system"  # the capability of the program itself


@dataclass(frozen=True, slots=True)
class Step:
    """One permitted change of state: `capability` says who may make it ("system": the program alone).

    `own` is for the author alone. `review` is for anybody but the author and those who had this version
    in their hands before. `reason` and `scores` have to be given.
    """

    to: str
    capability: str
    own: bool = False
    review: bool = False
    reason: bool = False
    scores: bool = False


def _own(to: str) -> Step:
    return Step(to, "submit", own=True)


def _back(capability: str) -> Step:
    return Step(RETURNED, capability, review=True, reason=True)


# Every way that an item can go; what is not here cannot happen.
TRANSITIONS: dict[tuple[str, str], Step] = {
    (DRAFT, "submit"): _own(SUBMITTED),
    (RETURNED, "submit"): _own(SUBMITTED),
    (DRAFT, "drop"): _own(DROPPED),
    (RETURNED, "drop"): _own(DROPPED),
    (SUBMITTED, "take_back"): _own(DRAFT),
    (EDITED, "take_back"): _own(DRAFT),
    (CHECKED, "take_back"): _own(DRAFT),
    (CONFIRMING, "take_back"): _own(DRAFT),
    (SUBMITTED, "endorse"): Step(EDITED, "edit", review=True),
    (EDITED, "score"): Step(CHECKED, "check", review=True, scores=True),
    (CHECKED, "approve"): Step(APPROVED, "approve", review=True),
    (CHECKED, "approve_first"): Step(CONFIRMING, "approve", review=True),
    (CONFIRMING, "approve"): Step(APPROVED, "approve", review=True),
    (SUBMITTED, "return"): _back("edit"),
    (EDITED, "return"): _back("check"),
    (CHECKED, "return"): _back("approve"),
    (CONFIRMING, "return"): _back("approve"),
    (APPROVED, "return"): _back("approve"),
    (APPROVED, "lock"): Step(CONFIRMING, SYSTEM),
    (APPROVED, "replace"): Step(REPLACED, SYSTEM),
    (CONFIRMING, "replace"): Step(REPLACED, SYSTEM),  # an election made it wait once more
    (APPROVED, "release"): Step(RELEASED, SYSTEM),
    (RELEASED, "close"): Step(CLOSED, SYSTEM),
}

# What a reviewer does with an item that waits, and who that is.
FORWARD = {SUBMITTED: "endorse", EDITED: "score", CHECKED: "approve", CONFIRMING: "approve"}
REVIEWERS = {state: TRANSITIONS[state, act].capability for state, act in FORWARD.items()}
