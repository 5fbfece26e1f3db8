"""Chat services that speak OpenAI's API, asked through its own client, watched at the socket."""

from accord.providers.chat.service import OpenAIChat

__all__ = ["OpenAIChat"]
