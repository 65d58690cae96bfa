"""The states of a share, and the ways from one to another: the one table.

What somebody sent is received; the program or a person accepts it; only a person rejects it; who was
rejected may appeal once, unless a further picture of the same album comes; and what is one's own may be
withdrawn at any time.
"""

CLAIMED, RECEIVED, ACCEPTED = "claimed", "received", "accepted"
REJECTED, APPEALED, WITHDRAWN = "rejected", "appealed", "withdrawn"
# The one definition of "active" rests on these: a share that counts as shown. What waits for a person
# counts until that person has rejected it: nobody is punished by a program.
COUNTED = (RECEIVED, ACCEPTED)

# (state, act) → state; "" is where a share begins.
TRANSITIONS = {
    ("", "claim"): CLAIMED,
    ("", "show"): RECEIVED,
    (CLAIMED, "show"): RECEIVED,
    (RECEIVED, "pass"): ACCEPTED,  # by the program, which found nothing against it
    (RECEIVED, "accept"): ACCEPTED,
    (ACCEPTED, "accept"): ACCEPTED,  # looked at once more: a sample
    (APPEALED, "accept"): ACCEPTED,
    (RECEIVED, "reject"): REJECTED,
    (ACCEPTED, "reject"): REJECTED,
    (APPEALED, "reject"): REJECTED,
    (REJECTED, "appeal"): APPEALED,
    (REJECTED, "add"): RECEIVED,  # a further picture of its album came: it is looked at anew
    **{(state, "withdraw"): WITHDRAWN for state in (CLAIMED, RECEIVED, ACCEPTED, REJECTED, APPEALED)},
}


def after(state: str, act: str) -> str | None:
    """The state that an act leads to, None where it is not possible."""
    return TRANSITIONS.get((state, act))
