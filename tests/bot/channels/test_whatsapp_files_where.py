"""Which addresses of files are Twilio's, and which redirects are followed from there."""

import pytest
import yarl

from bot.channels import whatsapp_files as files
from bot.config import settings

STORES = settings.WhatsApp().media_hosts
API = "http://127.0.0.1:8099"


@pytest.mark.parametrize(
    ("address", "api_url", "ours"),
    [
        ("https://api.twilio.com/x", "", True),
        ("https://mcs.us1.twilio.com/x", "", True),
        ("https://API.Twilio.com/x", "", True),
        ("https://api.twilio.com:443/x", "", True),
        ("http://127.0.0.1:8099/x", API, True),
        ("https://api.twilio.com/x", API, True),  # from API: see below
        ("http://localhost:8099/x", API, True),
        ("http://localhost:8100/x", API, False),
        ("http://localhost:8099/x", "http://emulator:8099", False),
        ("http://api.twilio.com/x", "", False),
        ("https://api.twilio.com:8443/x", "", False),
        ("https://twilio.com.evil.example/x", "", False),
        ("https://eviltwilio.com/x", "", False),
        ("https://evil.example/twilio.com", "", False),
        ("https://api.twilio.com@evil.example/x", "", False),
        ("https://user:pass@api.twilio.com/x", "", False),
        ("https://evil.example\\@api.twilio.com/x", "", False),
        ("https://evil.example#@api.twilio.com/x", "", False),
        ("http://127.0.0.1:8099/x", "", False),
        ("http://127.0.0.1:8100/x", API, False),
        ("https://127.0.0.1:8099/x", API, False),
        ("http://127.0.0.1:8099.evil.example/x", API, False),
        ("//api.twilio.com/x", "", False),
        ("/x", "", False),
        ("", "", False),
        ("https://[", "", False),
        ("file:///etc/passwd", "", False),
    ],
)
def test_an_address_is_twilios_or_it_is_not(address: str, api_url: str, ours: bool) -> None:
    assert (files.own(address, api_url) is not None) is ours


@pytest.mark.parametrize(
    ("address", "api_url", "asked"),
    [
        ("https://api.twilio.com/a/b%2Fc?d=e%20f", API, "http://127.0.0.1:8099/a/b%2Fc?d=e%20f"),
        ("https://mcs.us1.twilio.com/x", "https://twilio.example", "https://twilio.example/x"),
        ("https://api.twilio.com/x", "https://emulator.example/base/", "https://emulator.example/base/x"),
        ("http://localhost:8099/x", API, "http://127.0.0.1:8099/x"),
        ("https://api.twilio.com/x", "https://api.au1.twilio.com", "https://api.twilio.com/x"),
        ("https://api.twilio.com/x", "", "https://api.twilio.com/x"),
    ],
)
def test_a_server_in_twilios_place_is_asked_itself(address: str, api_url: str, asked: str) -> None:
    # Not Twilio: it has no such file, and our token would go to whom we were told not to speak to.
    assert str(files.own(address, api_url)) == asked


@pytest.mark.parametrize(
    ("api_url", "address", "followed"),
    [
        ("", "http://127.0.0.1/x", False),
        ("", "https://127.0.0.1/x", False),
        ("https://api.au1.twilio.com", "https://api.au1.twilio.com:8443/x", False),
        ("http://api.twilio.com", "http://api.twilio.com:8080/x", False),
        ("https://emulator.example", "https://emulator.example:8443/x", False),
        ("https://emulator.example", "http://localhost/x", False),
        ("http://emulator:8099", "http://emulator:9000/x", True),
        ("http://emulator:8099", "http://localhost:8099/x", False),
        ("https://localhost:8099", "http://127.0.0.1:9000/x", True),
    ],
)
def test_only_a_developers_server_has_its_files_beside_it(api_url: str, address: str, followed: bool) -> None:
    assert files.Where(api_url, STORES).trusts(yarl.URL(address)) is followed


@pytest.mark.parametrize(
    ("address", "followed"),
    [
        ("https://mms.twiliocdn.com/AC1/x?Expires=1&Signature=y", True),
        ("https://MMS.twiliocdn.com/x", True),
        ("https://s3-external-1.amazonaws.com/media.twiliocdn.com/AC1/x", True),
        ("https://api.twilio.com/x", True),
        ("http://127.0.0.1:8099/twilio-media/ME1?Expires=1", True),
        ("http://mms.twiliocdn.com/x", False),
        ("https://mms.twiliocdn.com:8443/x", False),
        ("https://user@mms.twiliocdn.com/x", False),
        ("https://mms.twiliocdn.com.evil.example/x", False),
        ("https://evilmms.twiliocdn.com/x", False),
        ("https://s3-external-1.amazonaws.com/other-bucket/x", False),
        ("https://s3-external-1.amazonaws.com/media.twiliocdn.com.evil/x", False),
        ("https://s3-external-1.amazonaws.com/media.twiliocdn.com/../other/x", False),
        ("https://s3-external-1.amazonaws.com/media.twiliocdn.com/%2e%2e/other/x", False),
        ("https://evil.example/x", False),
        ("https://169.254.169.254/latest", False),
        ("http://127.0.0.1:8100/x", True),  # it is on the machine of API, which is a developer's
        ("http://localhost:8099/x", True),
        ("https://localhost/x", True),
        ("http://[::1]:8099/x", True),
        ("http://user@127.0.0.1:8100/x", False),
        ("ftp://127.0.0.1/x", False),
        ("http://127.0.0.1.evil.example/x", False),
        ("http://192.168.1.1/x", False),
        ("http://0x7f000001/x", False),
    ],
)
def test_a_redirect_leads_to_a_store_of_twilios_or_is_not_followed(address: str, followed: bool) -> None:
    assert files.Where(API, STORES).trusts(yarl.URL(address)) is followed


def test_where_files_are_kept_for_another_server_can_be_said() -> None:
    where = files.Where(API, ("store.example/files",))
    assert where.trusts(yarl.URL("https://store.example/files/1"))
    assert not where.trusts(yarl.URL("https://mms.twiliocdn.com/1"))
