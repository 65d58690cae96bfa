"""All tables of the programme: importing this module makes the metadata complete."""

from models import (
    admissions,
    audit,
    content,
    conversations,
    digests,
    files,
    inbox,
    outbox,
    people,
    proofs,
    releases,
    reminders,
    roles,
    runs,
    suggestions,
)
from models.base import Base

ALL = (
    admissions.Admission,
    audit.Entry,
    content.Item,
    conversations.Conversation,
    conversations.Group,
    digests.Digest,
    files.FileCopy,
    files.Media,
    inbox.Offset,
    inbox.Update,
    outbox.Outbound,
    people.Account,
    people.Consent,
    people.Opd,
    people.Person,
    proofs.Evidence,
    proofs.Share,
    releases.Release,
    reminders.Rest,
    roles.Role,
    runs.Run,
    suggestions.Suggestion,
)
metadata = Base.metadata
