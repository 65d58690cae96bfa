"""What kinds of items there are, and what an item is meant to bring about: the choices of two fields."""

ACHIEVEMENT, TESTIMONY, PHOTO = "achievement", "testimony", "photo"
STORY, LIVE, CLARIFICATION = "story", "live", "clarification"

# In the order in which they are offered.
RUBRICS = (ACHIEVEMENT, TESTIMONY, PHOTO, STORY, LIVE, CLARIFICATION)
# Those in which a citizen is shown: nothing of them is sent without the citizen's consent
# (UU 27/2022 on personal data, articles 20 and 22).
WITH_CITIZEN = frozenset({TESTIMONY, STORY})

OBJECTIVES = ("awareness", "attitude", "action")


def with_citizen(rubric: str) -> bool:
    """Whether the author has to say if a citizen who is shown agreed."""
    return rubric in WITH_CITIZEN


def is_live(rubric: str) -> bool:
    """Whether an item announces a live broadcast, with its time and address."""
    return rubric == LIVE
