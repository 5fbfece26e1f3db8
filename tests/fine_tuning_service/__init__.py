"""A service with fine-tuned models of the tests' own: the chat service, and the files and jobs of one account beside it.

    account = Account.of_clinic()
    with fine_tuning_service(account) as service:
        client = openai.OpenAI(base_url=service.base_url, api_key=KEY, max_retries=0)

It fails as the chat service does (Fault, Case): a script sees the path of each request. What an account holds may be
changed while the service runs, so that a file is deleted or cut as it is at a provider.
"""

from tests.chat_service import ChatService, Script
from tests.fine_tuning_service.account import MODEL, Account, Checkpoint, File, Job, lines_of

__all__ = ["MODEL", "Account", "Checkpoint", "File", "Job", "fine_tuning_service", "lines_of"]


def fine_tuning_service(account: Account, script: Script | None = None) -> ChatService:
    """Return a service, not started yet, that answers with the models of an account and tells of its jobs."""
    return ChatService(script=script, models=account.models, more=account.reply)
