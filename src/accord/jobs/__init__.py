"""Run any callable in the background: lanes of threads and worker processes, with progress, cancel and an outcome."""

from accord.jobs.failures import WorkerDied, WorkerFailed, WorkerOutOfMemory, WorkerSilent
from accord.jobs.job import Job, JobState, Lane
from accord.jobs.lanes import Jobs
from accord.jobs.streams import WorkerStream, stream_from_worker
from accord.jobs.worker import call_in_worker

__all__ = [
    "Job",
    "JobState",
    "Jobs",
    "Lane",
    "WorkerDied",
    "WorkerFailed",
    "WorkerOutOfMemory",
    "WorkerSilent",
    "WorkerStream",
    "call_in_worker",
    "stream_from_worker",
]
