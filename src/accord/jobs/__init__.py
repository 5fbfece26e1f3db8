"""Run any callable in the background: lanes of threads and worker processes, with progress, cancel and an outcome."""

from accord.jobs.job import Job, JobState, Lane
from accord.jobs.lanes import Jobs
from accord.jobs.worker import WorkerDied, WorkerFailed, WorkerOutOfMemory, call_in_worker

__all__ = [
    "Job",
    "JobState",
    "Jobs",
    "Lane",
    "WorkerDied",
    "WorkerFailed",
    "WorkerOutOfMemory",
    "call_in_worker",
]
