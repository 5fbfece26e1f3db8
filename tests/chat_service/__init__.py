"""A chat completions service of the tests' own, on 127.0.0.1, that is faithful when it is good and fails as it is told.

    with ChatService(script=in_order(Fault.RATE_LIMIT_SECONDS, Good("Yes."))) as service:
        client = openai.OpenAI(base_url=service.base_url, api_key=KEY, max_retries=0)

A script is asked for each request that has a good key and makes sense: it gets the number from 0 and the request, and
returns a Fault, a Case (a fault with parameters) or a Good answer. Faults of addresses have no service: ``place`` gives
a base URL for them, and ``met`` one for any kind. What came is in ``service.requests``, what was done in ``exchanges``.
"""

from tests.chat_service.answers import MODELS, TOKEN, finished_at, tokens
from tests.chat_service.certificates import Certificate, self_signed
from tests.chat_service.faults import Case, Family, Fault, Good, kinds
from tests.chat_service.limits import RateLimit
from tests.chat_service.listening import Connections
from tests.chat_service.places import NO_SUCH_HOST, Place, met, place
from tests.chat_service.scripts import Behaviour, Script, always, in_order, mix
from tests.chat_service.service import KEY, ChatService, Exchange
from tests.chat_service.wire import Received

__all__ = [
    "KEY",
    "MODELS",
    "NO_SUCH_HOST",
    "TOKEN",
    "Behaviour",
    "Case",
    "Certificate",
    "ChatService",
    "Connections",
    "Exchange",
    "Family",
    "Fault",
    "Good",
    "Place",
    "RateLimit",
    "Received",
    "Script",
    "always",
    "finished_at",
    "in_order",
    "kinds",
    "met",
    "mix",
    "place",
    "self_signed",
    "tokens",
]
