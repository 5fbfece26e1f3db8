"""Looks for inputs that break the readers: atheris changes good files and keeps what reaches new code.

fuzz_readers.py [--seconds N]    prints executions and coverage; exit 1 with the input saved when one breaks a reader

What is looked at is any error that is none of ours, and a good row that is no text. Needs the extra `fuzz`.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 1800
_MEMORY_MB = 2048
_LONGEST = 1 << 14
_SLOWEST_SECONDS = 25
_FIGURES = re.compile(r"cov: (\d+).*?corp: (\d+)")
_EXECUTED = re.compile(r"stat::number_of_executed_units:\s+(\d+)")
_SAVED = re.compile(r"Test unit written to (\S+)")


def main() -> int:
    """Run the fuzzer in a process of its own, show its figures, and keep the input that breaks a reader."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=int, default=SECONDS)
    parser.add_argument("--input", type=Path, help="read this one file, to see what it does")
    wanted = parser.parse_args()
    if wanted.input:
        return _child([str(wanted.input)])
    folder = Path(tempfile.mkdtemp(prefix="accord-fuzz-"))
    corpus = folder / "corpus"
    seeds = write_seeds(corpus)
    print(f"{seeds} seeds, {wanted.seconds} s")
    options = [
        f"-max_total_time={wanted.seconds}",
        f"-max_len={_LONGEST}",
        f"-rss_limit_mb={_MEMORY_MB}",
        f"-timeout={_SLOWEST_SECONDS}",
        f"-artifact_prefix={folder}{os.sep}",
        "-print_final_stats=1",
        "-detect_leaks=0",
    ]
    status, told = _followed([sys.executable, __file__, "--child", *options, str(corpus)])
    executed = _EXECUTED.search(told)
    figures = _FIGURES.findall(told)
    print(f"executions: {executed[1] if executed else 'unknown'}")
    print(f"coverage: {figures[-1][0] if figures else '0'} edges, {figures[-1][1] if figures else '0'} inputs kept")
    saved = _SAVED.search(told)
    if status == 0 and saved is None:
        shutil.rmtree(folder)
        return 0
    print(f"a reader broke on {saved[1] if saved else folder}", file=sys.stderr)
    return 1


def _followed(command: list[str]) -> tuple[int, str]:
    """Run a command, show what it says but the lines of its progress, and return its status and its last words."""
    told = ""
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            told = (told + line)[-200_000:]
            if not line.startswith(("#", "INFO: Instrumenting")) or " pulse " in line:
                print(line, end="", flush=True)
        status = process.wait()
    return status, told


def write_seeds(folder: Path) -> int:
    """Write a small good file of every kind and return how many."""
    _find_project()
    from tests.formats.mutations import kinds

    folder.mkdir(parents=True)
    for number, kind in enumerate(kinds().values()):
        (folder / f"seed-{number}").write_bytes(kind.build(kind.good))
    return len(list(folder.iterdir()))


def _find_project() -> None:
    for folder in (str(ROOT), str(ROOT / "src")):
        if folder not in sys.path:
            sys.path.insert(0, folder)


def _child(arguments: list[str]) -> int:
    _find_project()
    import atheris

    with atheris.instrument_imports(include=["accord.formats", "zipfile", "gzip", "json", "csv"]):
        from accord.domain.errors import AccordError
        from accord.formats.parcels import first_rows
        from accord.formats.reading import inspect_file, open_rows
    from tests.formats.test_hostile_mutations import check_row, mapping_of

    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108  (a folder of our own is made in it)
    path = Path(tempfile.mkdtemp(prefix="accord-fuzz-", dir=memory)) / "input.dat"

    def read(data: bytes) -> None:
        path.write_bytes(data)
        try:
            shape = inspect_file(path)
            mapping = mapping_of(shape)
            for row in open_rows(shape, mapping=mapping):
                check_row(row)
            list(first_rows(shape, mapping, 5))
        except AccordError:
            pass

    try:
        atheris.Setup([sys.argv[0], *arguments], read)
        atheris.Fuzz()
    finally:
        shutil.rmtree(path.parent, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(_child(sys.argv[2:]) if sys.argv[1:2] == ["--child"] else main())
