"""Eight reviewers at a person's pace (two decisions a second each) on one project: how long each waits for "saved".

.venv/bin/python tests/benchmarks/bench_reviewers.py [--count 60] [--place postgresql://...]

The floor is the wait of one reviewer alone at the same pace in the same run. Goal: 99 of 100 within 250 ms.
"""

import argparse
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.reliability.test_eight_at_once import check, project_of, together, worst  # noqa: E402  (found by the line above)

PAUSE = 0.5
GOAL = 0.25


def main() -> int:
    """Run the benchmark and print one table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--place", default="", help="an empty database to use instead of a file")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        place = asked.place or folder / "team.accord"
        project_of(place, asked.count, folder)
        alone = together(place, asked.count, PAUSE, numbers=[8])
        said = together(place, asked.count, PAUSE)
        check(place, [*alone, *said])
    print(f"{'':14}{'median ms':>12}{'p95':>8}{'p99':>8}{'worst':>8}")
    for label, acts in (("one reviewer", alone), ("eight", said)):
        figures = [1000 * worst(acts, share) for share in (0.5, 0.95, 0.99, 1.0)]
        print(f"{label:14}{figures[0]:>12.0f}{figures[1]:>8.0f}{figures[2]:>8.0f}{figures[3]:>8.0f}")
    return 0 if worst(said, 0.99) <= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
