"""All tables of the programme: importing this module makes the metadata complete."""

from models.base import Base
from models.content import content, reviews, sources, variants, versions
from models.digests import decisions, packs
from models.editorial import comments, suggestions
from models.figures import snapshots
from models.membership import admissions, consents
from models.messages import conversations, files, forgeries, inbox, outbox, pieces
from models.people import audit, breaks, people, roles
from models.programme import runs
from models.recognition import awards, certificates, creativity, votes, wishes
from models.releases import releases
from models.reminders import greetings
from models.sending import callbacks, rests
from models.shares import findings, inspections, likenesses, shares
from models.whatsapp import spending, templates

ALL = (
    admissions.Admission,
    audit.Entry,
    awards.Award,
    awards.AwardList,
    callbacks.StatusReport,
    certificates.Certificate,
    certificates.Miss,
    comments.Comment,
    consents.Consent,
    content.Item,
    conversations.Conversation,
    conversations.Group,
    creativity.Nomination,
    creativity.Rating,
    decisions.Decision,
    files.FileCopy,
    files.Media,
    findings.Finding,
    forgeries.Refusal,
    greetings.Greeting,
    inbox.Offset,
    inbox.Update,
    inspections.Inspection,
    inspections.Skip,
    likenesses.Likeness,
    outbox.Outbound,
    packs.Unsubscribed,
    people.Account,
    people.Opd,
    people.Person,
    pieces.Piece,
    shares.Evidence,
    shares.Share,
    spending.Said,
    releases.Release,
    breaks.Rest,
    rests.ChannelRest,
    reviews.Review,
    roles.Role,
    runs.Run,
    snapshots.Digest,
    snapshots.LastActive,
    snapshots.Participation,
    sources.SourceCheck,
    suggestions.Suggestion,
    templates.Template,
    variants.Caption,
    variants.Picture,
    versions.Version,
    votes.Vote,
    wishes.Wish,
)
metadata = Base.metadata
