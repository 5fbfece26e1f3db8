"""The commands of a fresh clone: demo, test, prove, build, messages. Needs nothing but a Python.

python3 packaging/run.py demo     opens Accord on the sample project; without a display: makes its files
python3 packaging/run.py test     the lint, the types and the tests (what follows goes to pytest)
python3 packaging/run.py prove    the long counts, the benchmarks, the fuzzer (what follows picks some by name)
python3 packaging/run.py build    a folder that runs without Python, and a .deb, in dist/
python3 packaging/run.py messages writes the catalogue template from the sentences in the source

Each makes .venv and installs the pinned dependencies where that was not done yet; a second run installs nothing.
"""

from __future__ import annotations  # this file also runs on Python 3.9, to say that a newer one is needed

import os
import subprocess
import sys
import time

import environment
import qt_libraries
from environment import ROOT, Stopped, say

import servers

BENCHMARKS = ROOT / "tests" / "benchmarks"
WORKERS = ["-n", "2", "--dist", "worksteal"]  # what a file's tests share is made once, but for the file that is split
FUZZERS = {"fuzz": ROOT / "tests" / "fuzz" / "fuzz_readers.py"}


def main(arguments: list[str]) -> int:
    """Run the command that is named first; return the exit status."""
    commands = {"demo": demo, "test": test, "prove": prove, "build": build, "messages": messages}
    if not arguments or arguments[0] not in commands:
        print(__doc__)
        return 0 if arguments[:1] in (["-h"], ["--help"]) else 2
    try:
        return commands[arguments[0]](arguments[1:])
    except Stopped as stopped:
        print(f"\n{stopped}", file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        return 130


def demo(arguments: list[str]) -> int:
    """Open Accord on the sample project, or make its files where nothing can be shown."""
    python = environment.prepare(extras=())
    windowed = bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")) and "--headless" not in arguments
    if windowed and not qt_libraries.ensure(python, window=True):
        say("Without these libraries no window opens; the sample project is made without one.")
        windowed = False
    command = [str(python), "-m", "accord", "demo", *arguments]
    if not any(argument.startswith("--out") for argument in arguments):
        command += ["--out", str(ROOT / "demo")]
        say(f"The files of the sample project are in {ROOT / 'demo'}")
    if not windowed and "--headless" not in arguments:
        command.append("--headless")
    return subprocess.call(command, cwd=ROOT)


def test(arguments: list[str]) -> int:
    """Check the style, the types and the behaviour; every check runs even where an earlier one failed."""
    python = environment.prepare(extras=("checks", "dev", "ml"))
    if not qt_libraries.ensure(python, window=False):
        raise Stopped("The tests need the libraries above.")
    servers.ensure()
    workers = [] if any(argument.startswith(("-n", "--numprocesses")) for argument in arguments) else WORKERS
    return _run_all(
        {
            "ruff check": [str(python), "-m", "ruff", "check"],
            "ruff format": [str(python), "-m", "ruff", "format", "--check"],
            "mypy": [str(python), "-m", "mypy"],
            "pytest": [str(python), "-m", "pytest", *workers, *arguments],
        }
    )


def prove(arguments: list[str]) -> int:
    """Run what takes long: counts (`prove long`), benchmarks (`prove bench_NAME`), fuzzing (`prove fuzz`, 30 minutes).

    Without a name all of it.
    """
    fuzzed = {name for name in FUZZERS if not arguments or any(part in name for part in arguments)}
    python = environment.prepare(
        extras=("build", "checks", "dev", "fuzz", "ml") if fuzzed else ("build", "checks", "dev", "ml")
    )
    if not qt_libraries.ensure(python, window=True, programs=("Xvfb", "objdump")):
        raise Stopped("The long tests need the libraries above.")
    servers.ensure()
    options = ["-m", "long", "--hypothesis-profile=long", "--timeout=7200", "--durations=20", "-rA"]
    steps = {"long": [str(python), "-m", "pytest", *options]}
    for script in sorted(BENCHMARKS.glob("bench_*.py")):
        steps[script.stem] = [str(python), str(script)]
    steps |= {name: [str(python), str(script)] for name, script in FUZZERS.items()}
    chosen = {name: steps[name] for name in steps if not arguments or any(part in name for part in arguments)}
    if not chosen:
        raise Stopped(f"There is nothing of that name to prove. There is: {', '.join(steps)}")
    return _run_all(chosen)


def build(_arguments: list[str]) -> int:
    """Make the folder and the Debian package."""
    python = environment.prepare(extras=("build",))
    if not qt_libraries.ensure(python, window=True, programs=("objdump",)):
        raise Stopped("What is missing here would be missing in the package too.")
    return subprocess.call([str(python), str(ROOT / "packaging" / "bundle.py")], cwd=ROOT)


def messages(arguments: list[str]) -> int:
    """Write the catalogue template."""
    python = environment.prepare(extras=())
    return subprocess.call([str(python), str(ROOT / "packaging" / "messages.py"), *arguments], cwd=ROOT)


def _run_all(steps: dict[str, list[str]]) -> int:
    surroundings = _surroundings()
    results = []
    for name, command in steps.items():
        say(f"{name}: {' '.join(_shown(word) for word in command[1:])}")
        began = time.monotonic()
        status = subprocess.call(command, cwd=ROOT, env=surroundings)
        results.append((name, status, time.monotonic() - began))
    width = max(len(name) for name, _status, _seconds in results)
    print()
    for name, status, seconds in results:
        print(f"{name:<{width}}  {'ok' if status == 0 else f'FAILED ({status})':<12}{seconds:8.1f} s")
    return 0 if all(status == 0 for _name, status, _seconds in results) else 1


def _surroundings() -> dict[str, str]:
    """Return the environment of a step: no screen, and modules compiled once."""
    found = {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT / "src"), **os.environ}
    found.pop("PYTHONDONTWRITEBYTECODE", None)  # the tests start hundreds of processes, and each would compile all
    return found


def _shown(word: str) -> str:
    return word.removeprefix(f"{ROOT}{os.sep}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
