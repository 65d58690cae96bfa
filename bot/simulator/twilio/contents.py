"""The Content API: templates, and WhatsApp's approval of them."""

from datetime import UTC, datetime
from typing import Any

from bot.simulator.twilio import templates
from bot.simulator.twilio.account import Account
from bot.simulator.twilio.errors import Refused
from bot.simulator.twilio.request import Call, not_played
from bot.simulator.twilio.store import Content, sid


def create(account: Account, call: Call) -> dict[str, Any]:
    """Raises Refused."""
    given = call.body
    if unplayed := given["types"].keys() - set(templates.PLAYED):
        raise not_played(account.stats.not_played, f"CreateContent.{min(unplayed)}")
    if not given["types"]:
        raise Refused(20001, "types has no content type")
    variables = given.get("variables", {})
    try:
        templates.check(given["types"], variables)
    except ValueError as error:
        raise Refused(20001, str(error)) from None
    content = Content(
        sid("HX"), given.get("friendly_name"), given["language"], variables, given["types"], account.now()
    )
    account.contents[content.sid] = content
    return body(account, call, content)


def find(account: Account, call: Call) -> Content:
    """Raises Refused 20404."""
    found = account.contents.get(call.ids[0])
    if found is None:
        raise Refused(20404, call.path)
    return found


def fetch(account: Account, call: Call) -> dict[str, Any]:
    return body(account, call, find(account, call))


def delete(account: Account, call: Call) -> None:
    """Raises Refused 20404."""
    del account.contents[find(account, call).sid]


def submit(account: Account, call: Call) -> dict[str, Any]:
    """Asks WhatsApp for approval. Raises Refused for what WhatsApp does not even look at."""
    content = find(account, call)
    name, category = call.body["name"], call.body["category"]
    if unplayed := call.body.keys() - {"name", "category"}:
        raise not_played(account.stats.not_played, f"CreateApprovalCreate.{min(unplayed)}")
    if not templates.NAME.fullmatch(name):
        raise Refused(20001, f"name {name!r}: only lower-case letters, digits and underscores")
    if category not in templates.CATEGORIES:
        raise Refused(20001, f"category is one of {', '.join(templates.CATEGORIES)}")
    if content.submitted:
        raise Refused(20001, f"{content.sid} was already submitted")
    if why := templates.submittable(content):
        raise Refused(20001, why)
    content.name, content.category, content.submitted = name, category, account.now()
    content.problem = templates.problem(content)
    taken = any(
        other is not content and (other.name, other.language) == (name, content.language)
        for other in account.contents.values()
    )
    if taken:
        content.problem = f"a template {name} in {content.language} exists already"
    return {**_approval(account, content), "status": "received", "rejection_reason": ""}


def approval(account: Account, call: Call) -> dict[str, Any]:
    """Raises Refused 20404."""
    content = find(account, call)
    return {
        "sid": content.sid,
        "account_sid": account.sid,
        "whatsapp": {"type": "whatsapp", **_approval(account, content)},
        "url": f"http://{call.host}/v1/Content/{content.sid}/ApprovalRequests",
    }


def _approval(account: Account, content: Content) -> dict[str, Any]:
    status = content.status(account.now(), account.settings.review)
    return {
        "name": content.name,
        "category": content.category,
        "content_type": next(kind for kind in templates.PLAYED if kind in content.types),
        "status": status,
        "rejection_reason": content.problem if status == "rejected" else "",
        "allow_category_change": True,
    }


def listed(account: Account, call: Call) -> dict[str, Any]:
    """A page of templates, newest first. Raises Refused."""
    return _page(account, call, approvals=False)


def listed_with_approvals(account: Account, call: Call) -> dict[str, Any]:
    """The same with what WhatsApp says of each. Raises Refused."""
    return _page(account, call, approvals=True)


def _page(account: Account, call: Call, *, approvals: bool) -> dict[str, Any]:
    size, (number, token) = call.page_size(), call.page()
    everything = list(reversed(account.contents.values()))
    first = next((at + 1 for at, one in enumerate(everything) if f"PT{one.sid}" == token), -1) if token else 0
    if first < 0:
        raise Refused(20001, f"PageToken {token} is invalid")
    shown = everything[first : first + size]

    def url(page: int, last: str = "") -> str:
        suffix = f"&PageToken={last}" if last else ""
        return f"http://{call.host}{call.path}?PageSize={size}&Page={page}{suffix}"

    more = first + size < len(everything)
    contents = []
    for one in shown:
        resource = body(account, call, one)
        if approvals:
            del resource["url"], resource["links"]
            resource["approval_requests"] = _approval(account, one)
        contents.append(resource)
    return {
        "contents": contents,
        "meta": {
            "page": number,
            "page_size": size,
            "first_page_url": url(0),
            "previous_page_url": url(number - 1) if number == 1 else None,
            "url": url(number, token),
            "next_page_url": url(number + 1, f"PT{shown[-1].sid}") if more else None,
            "key": "contents",
        },
    }


def body(account: Account, call: Call, content: Content) -> dict[str, Any]:
    """The resource."""
    url = f"http://{call.host}/v1/Content/{content.sid}"
    created = datetime.fromtimestamp(content.created, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "sid": content.sid,
        "account_sid": account.sid,
        "friendly_name": content.friendly_name,
        "language": content.language,
        "variables": content.variables,
        "types": content.types,
        "url": url,
        "date_created": created,
        "date_updated": created,
        "links": {
            "approval_create": f"{url}/ApprovalRequests/whatsapp",
            "approval_fetch": f"{url}/ApprovalRequests",
        },
    }
