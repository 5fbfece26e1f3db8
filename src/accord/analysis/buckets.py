"""Which pairs of a band's buckets to compare: all of a small bucket, a bounded number per member of a large one."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from accord.analysis.shingle_hashes import I64, U64

# A bucket up to this size is compared pair by pair; in a larger one each member meets its nearest neighbours alone.
FULLY_COMPARED = 256
NEIGHBOURS = 16


@dataclass(frozen=True, slots=True)
class Buckets:
    """The members of one band's buckets of two or more, bucket after bucket.

    The member at position i stands in a bucket that ends before position ``ends[i]`` and is compared with the
    ``reach[i]`` members behind it. ``partly`` holds the members of buckets that are not compared pair by pair.
    """

    members: I64
    ends: I64
    reach: I64
    partly: I64

    @classmethod
    def of_band(cls, keys: U64, band: int, *, in_full: bool) -> "Buckets":
        """Sort members into the buckets of a band; ``keys`` has a row for each member, in the order of their ranks.

        Within a bucket, members that also share the next band stand together, and then members of like rank: in a
        bucket too large to compare in full, those are the likely pairs.
        """
        own = keys[:, band]
        order = np.argsort(own, kind="stable")
        members = order[_with_a_neighbour(own[order])]
        following = keys[members, (band + 1) % keys.shape[1]]
        members = members[np.lexsort((members, following, own[members]))]
        grouped = own[members]
        starts = np.flatnonzero(np.concatenate([[True], grouped[1:] != grouped[:-1]])[: len(members)])
        sizes = np.diff(np.concatenate([starts, [len(members)]]))
        large = np.zeros(len(sizes), dtype=np.bool_) if in_full else sizes > FULLY_COMPARED
        return cls(
            members,
            ends=np.repeat(starts + sizes, sizes),
            reach=np.repeat(np.where(large, NEIGHBOURS, sizes - 1), sizes),
            partly=members[np.repeat(large, sizes)],
        )

    def within_reach(self, positions: I64, distance: int) -> I64:
        """Return those positions whose member is still to be compared with the member ``distance`` behind it."""
        return positions[(positions + distance < self.ends[positions]) & (distance <= self.reach[positions])]

    def undecided(self, positions: I64, roots: I64) -> I64:
        """Return those positions behind which, in their bucket, some member belongs to another cluster.

        ``roots`` gives the cluster of the member at every position.
        """
        changes = np.flatnonzero(roots[1:] != roots[:-1]) + 1
        following = np.concatenate([changes, [len(roots)]])[np.searchsorted(changes, positions, side="right")]
        return positions[following < self.ends[positions]]


def _with_a_neighbour(ordered: U64) -> npt.NDArray[np.bool_]:
    """Return which of the sorted values occur more than once."""
    again = ordered[1:] == ordered[:-1]
    out = np.zeros(len(ordered), dtype=np.bool_)
    out[1:] |= again
    out[:-1] |= again
    return out
