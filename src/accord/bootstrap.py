"""Builds the services once, from this machine's settings, for the window and for the command line."""

import getpass
from collections.abc import Callable
from dataclasses import dataclass, field

from accord.domain.chat import ChatService, Connection
from accord.domain.fine_tuning import FineTuningService
from accord.domain.keys import Keys
from accord.domain.ledger import Who
from accord.domain.meaning import Embedder
from accord.domain.wording import use_language
from accord.jobs import Jobs
from accord.providers.embedding import SidecarEmbedder
from accord.providers.keys import MachineKeys
from accord.settings import MachineSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What both doors into the program share."""

    settings: MachineSettings
    jobs: Jobs
    keys: Keys = field(default_factory=MachineKeys)

    @property
    def embedder(self) -> Embedder:
        """Return what turns texts into vectors of meaning, by the model that the settings name now."""
        return embedder(self.settings)

    def chat_service(self, connection: Connection, *, here_only: bool) -> ChatService:
        """Open a connection to a chat service with its key; ``here_only``: nothing leaves this machine."""
        from accord.providers.chat import OpenAIChat

        return OpenAIChat(connection, self.keys.find(connection).key, here_only=here_only)

    def fine_tuning_service(self, connection: Connection, *, here_only: bool) -> FineTuningService:
        """Open a connection to a service that has fine-tuned models, for reading; ``here_only`` as above."""
        from accord.providers.fine_tuning import OpenAIFineTuning

        return OpenAIFineTuning(connection, self.keys.find(connection).key, here_only=here_only)

    def who(self, name: str = "") -> Who:
        """Return who acts: the name given, or the operating system's user, on this machine's event chain."""
        return Who(actor=name or system_user(), device=self.settings.device_id)


def embedder(settings: MachineSettings) -> Embedder:
    """Return what turns texts into vectors of meaning, by the model that the settings name now."""
    return SidecarEmbedder(folder=str(settings.get("embedding_model")))


def system_user() -> str:
    """Return the operating system's name for whoever runs this program."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"


def start(deliver: Callable[[Callable[[], None]], None] | None = None) -> Services:
    """Read the settings, put the language in force and return the services.

    ``deliver`` runs the callbacks of jobs where the caller wants them (the window: its own thread).
    """
    settings = MachineSettings()
    language = str(settings.get("language") or "")
    use_language(*([language] if language not in {"", "system"} else []))
    return Services(settings=settings, jobs=Jobs(deliver) if deliver is not None else Jobs())
