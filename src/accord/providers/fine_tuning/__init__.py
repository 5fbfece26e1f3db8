"""Services that have fine-tuned models, read through OpenAI's own client: nothing is begun, changed or deleted."""

from accord.providers.fine_tuning.service import OpenAIFineTuning

__all__ = ["OpenAIFineTuning"]
