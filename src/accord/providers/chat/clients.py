"""The official client as it is used here: it goes through the door, asks once, and names what broke."""

import contextlib
import ssl
from collections.abc import Iterator, Mapping
from typing import Any

import httpx2
import openai

from accord.domain.chat import Connection, Failure, Kind, Trouble
from accord.domain.keys import at_openai
from accord.providers.chat import door, troubles
from accord.providers.chat.gathering import loads

_NO_KEY = "none"  # a local server asks for no key, and the client for one
_PAGE_MARKS = ("<!doctype html", "<html")


def client(connection: Connection, key: str, *, here_only: bool, verify: ssl.SSLContext | bool = True) -> openai.OpenAI:
    """Return a client of the service at a connection; ``here_only``: no connection leaves this machine."""
    http = door.client(connection.base_url, here_only=here_only, verify=verify)
    # The client would ask again by itself, unseen by the budget: it asks once. What it would read from the
    # environment (an organisation, a project) is not taken along to another service.
    common: dict[str, Any] = {"api_key": key or _NO_KEY, "max_retries": 0, "http_client": http}
    if connection.kind is Kind.AZURE:
        made: openai.OpenAI = openai.AzureOpenAI(
            azure_endpoint=connection.base_url, api_version=connection.api_version, **common
        )
    else:
        made = openai.OpenAI(base_url=connection.base_url, **common)
    if not at_openai(connection.base_url):
        made.organization = made.project = None
    return made


@contextlib.contextmanager
def told_as_the_client_does() -> Iterator[None]:
    """Raise what breaks while a body is read as the client raises what breaks before."""
    try:
        yield
    except httpx2.TimeoutException as error:
        raise openai.APITimeoutError(request=error.request) from error
    except httpx2.DecodingError:
        raise
    except httpx2.RequestError as error:
        raise openai.APIConnectionError(request=error.request) from error


def is_page(response: httpx2.Response, start: bytes) -> bool:
    """Say whether a body that begins so is a web page: a proxy's, or one to sign in."""
    text = start[:200].decode("utf-8", "replace").lstrip("\ufeff \r\n\t").lower()
    return text.startswith(_PAGE_MARKS) or "text/html" in response.headers.get("content-type", "")


def whole_object(response: httpx2.Response, body: bytes) -> Mapping[str, Any] | Failure:
    """Return the object that a body holds, or what else it is. Raises ValueError where it is no JSON."""
    if is_page(response, body):
        return Failure(trouble=Trouble.PAGE, status=response.status_code)
    found = loads(body)
    if not isinstance(found, Mapping):
        return Failure(trouble=Trouble.NOT_JSON, status=response.status_code)
    if isinstance(found.get("error"), Mapping):
        return troubles.of_body(found["error"], Trouble.SERVER, status=response.status_code)
    return found
