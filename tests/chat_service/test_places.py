"""Each address at which nothing can be asked fails in its own way, and any fault can be met at an address."""

import http.client
import socket
import ssl
from collections.abc import Mapping
from urllib.parse import urlsplit

import openai
import pytest

from tests.chat_service import KEY, NO_SUCH_HOST, Case, Family, Fault, Place, kinds, met, place

SECONDS = 0.4
FAILURES: Mapping[Fault, tuple[type[Exception], str | None]] = {
    Fault.CONNECT_REFUSED: (ConnectionRefusedError, "refused"),
    Fault.CONNECT_TIMEOUT: (TimeoutError, "timed out"),
    Fault.CONNECT_RESET: (ConnectionError, None),
    Fault.NAME_UNKNOWN: (socket.gaierror, "not known"),
    Fault.TLS_SELF_SIGNED: (ssl.SSLCertVerificationError, "self-signed certificate"),
    Fault.TLS_WRONG_HOST: (ssl.SSLCertVerificationError, "IP address mismatch"),
    Fault.TLS_EXPIRED: (ssl.SSLCertVerificationError, "certificate has expired"),
    Fault.TLS_SILENT: (TimeoutError, "timed out"),
    Fault.TLS_TO_PLAIN: (ssl.SSLError, "(?i)wrong.version.number"),
    Fault.PLAIN_TO_TLS: (ConnectionError, None),
}


def seconds(fault: Fault) -> float:
    """Return how long a client waits: short only where it is to wait in vain."""
    return SECONDS if FAILURES[fault][0] is TimeoutError else 30


def go(found: Place, timeout: float = 30) -> int:
    """Ask for the models and return the status."""
    parts = urlsplit(found.base_url)
    host, port = parts.hostname or "", parts.port or 80
    if parts.scheme == "https":
        trusted = ssl.create_default_context() if found.trust is None else found.trust.client_side()
        connection: http.client.HTTPConnection = http.client.HTTPSConnection(
            host, port, timeout=timeout, context=trusted
        )
    else:
        connection = http.client.HTTPConnection(host, port, timeout=timeout)
    try:
        connection.request("GET", "/v1/models", headers={"authorization": f"Bearer {KEY}"})
        return connection.getresponse().status
    finally:
        connection.close()


def test_every_place_stands_in_the_table() -> None:
    assert set(FAILURES) == set(kinds(Family.ADDRESS))


@pytest.mark.parametrize("fault", FAILURES, ids=str)
def test_a_place_fails_in_its_own_way(fault: Fault) -> None:
    failure, said = FAILURES[fault]
    with place(fault) as found, pytest.raises(failure, match=said):
        go(found, seconds(fault))


def test_a_name_is_known_again_afterwards() -> None:
    before = socket.getaddrinfo
    with place(Fault.NAME_UNKNOWN) as found:
        assert urlsplit(found.base_url).hostname == NO_SUCH_HOST
        assert socket.getaddrinfo("127.0.0.1", 80)
    assert socket.getaddrinfo is before


@pytest.mark.parametrize("fault", FAILURES, ids=str)
def test_the_official_client_fails_there_too(fault: Fault) -> None:
    with met(fault) as found:
        trusting = None if found.trust is None else openai.DefaultHttpxClient(verify=found.trust.client_side())
        with (
            openai.OpenAI(
                base_url=found.base_url, api_key=KEY, max_retries=0, timeout=seconds(fault), http_client=trusting
            ) as client,
            pytest.raises(openai.APIConnectionError),
        ):
            client.models.list()


def test_faults_are_met_at_an_address_with_their_parameters() -> None:
    with met(Fault.OVERLOADED) as found:
        assert go(found) == 529
    with met(Case(Fault.INSUFFICIENT_QUOTA)) as found:
        assert go(found) == 429


def test_there_are_enough_kinds_and_each_says_what_happens() -> None:
    assert len(kinds()) >= 45
    stories = [fault.__doc__ or "" for fault in kinds()]
    assert len(set(stories)) == len(stories)
    assert all(10 < len(story) < 120 and "\n" not in story for story in stories)
    assert sum(len(kinds(family)) for family in Family) == len(kinds())
