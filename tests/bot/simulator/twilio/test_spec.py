"""The table of operations: the same as the library's, and cut from the published documents as they are."""

import inspect
import json
from typing import Any

import pytest
from twilio.rest.api.v2010.account.message import MessageList
from twilio.rest.api.v2010.account.message.media import MediaList
from twilio.rest.content.v1.content import ContentList
from twilio.rest.content.v1.content.approval_create import ApprovalCreateList
from twilio.rest.content.v1.content_and_approvals import ContentAndApprovalsList

from bot.simulator.twilio import spec
from bot.simulator.twilio.spec import FILE, OPERATIONS, SCHEMAS

_RENAMED = {"from_": "From", "date_sent_before": "DateSent<", "date_sent_after": "DateSent>",
            "date_created_before": "DateCreated<", "date_created_after": "DateCreated>",
            "page_number": "Page"}  # fmt: skip


def wire_names(call: Any) -> set[str]:
    """The parameters of a call of the library as they travel."""
    names = set(inspect.signature(call).parameters) - {"self"}
    return {_RENAMED.get(name) or "".join(part.capitalize() for part in name.split("_")) for name in names}


@pytest.mark.parametrize(
    ("call", "operation"),
    [
        (MessageList.create, "CreateMessage"),
        (MessageList.page, "ListMessage"),
        (MediaList.page, "ListMedia"),
        (ContentList.page, "ListContent"),
        (ContentAndApprovalsList.page, "ListContentAndApprovals"),
    ],
)
def test_the_librarys_parameters_are_those_of_the_table(call: Any, operation: str) -> None:
    assert wire_names(call) == OPERATIONS[operation].parameters


@pytest.mark.parametrize(
    ("model", "schema"),
    [
        (ContentList.ContentCreateRequest, "ContentCreateRequest"),
        (ContentList.TwilioText, "twilioText"),
        (ContentList.TwilioQuickReply, "twilioQuickReply"),
        (ContentList.QuickReplyAction, "quickReplyAction"),
        (ContentList.TwilioListPicker, "twilioListPicker"),
        (ContentList.ListItem, "listItem"),
        (ContentList.TwilioMedia, "twilioMedia"),
        (ContentList.TwilioCard, "twilioCard"),
        (ContentList.CardAction, "cardAction"),
        (ContentList.Types, "types"),
        (ApprovalCreateList.ContentApprovalRequest, "ContentApprovalRequest"),
    ],
)
def test_the_librarys_fields_are_those_of_the_table(model: Any, schema: str) -> None:
    assert set(model({}).to_dict()) == SCHEMAS[schema].keys()


def test_the_table_says_where_it_comes_from_and_is_written_as_it_is_read() -> None:
    text = FILE.read_text(encoding="utf-8")
    table = json.loads(text)
    assert table["source"].startswith("twilio/twilio-oai 2.6.7")
    assert spec.written(table) == text


DOCUMENT = {
    "paths": {
        "/2010-04-01/Accounts/{AccountSid}/Messages.json": {
            "post": {
                "operationId": "CreateMessage",
                "parameters": [{"name": "AccountSid", "in": "path", "schema": {"type": "string"}}],
                "requestBody": {"content": {"application/x-www-form-urlencoded": {"schema": {
                    "required": ["To"],
                    "properties": {
                        "To": {"type": "string", "description": "prose"},
                        "MediaUrl": {"type": "array", "items": {"type": "string"}},
                        "RiskCheck": {"$ref": "#/components/schemas/check"},
                    },
                }}}},
            }
        },
        "/v1/Content": {
            "post": {
                "operationId": "CreateContent",
                "requestBody": {"content": {"application/json": {
                    "schema": {"$ref": "#/components/schemas/request"}}}},
            }
        },
        "/v1/Voice": {"get": {"operationId": "Other"}},
    },
    "components": {"schemas": {
        "check": {"type": "string", "enum": ["enable", "disable"]},
        "request": {"type": "object", "required": ["text"], "properties": {
            "text": {"type": "string"}, "actions": {"$ref": "#/components/schemas/actions"}}},
        "actions": {"type": "array", "items": {"$ref": "#/components/schemas/action"}},
        "action": {"type": "object", "required": ["title"], "properties": {"title": {"type": "string"}}},
    }},
}  # fmt: skip


def test_a_document_is_cut_to_names_types_and_what_is_required() -> None:
    assert spec.trim([DOCUMENT], "here") == {
        "source": "here",
        "operations": {
            "CreateMessage": {
                "method": "post",
                "path": "/2010-04-01/Accounts/{AccountSid}/Messages.json",
                "parameters": {
                    "To": {"type": "string", "required": True},
                    "MediaUrl": {"type": "array", "items": "string", "required": False},
                    "RiskCheck": {"type": "string", "enum": ["enable", "disable"], "required": False},
                },
                "body": "",
            },
            "CreateContent": {"method": "post", "path": "/v1/Content", "parameters": {}, "body": "request"},
        },
        "schemas": {
            "request": {
                "text": {"type": "string", "required": True},
                "actions": {"type": "array", "items": "action", "required": False},
            },
            "action": {"title": {"type": "string", "required": True}},
        },
    }
