"""Pure arithmetic over texts and verdicts: near-duplicates, splits, diffs, scores. No Qt, no SQL, no files."""
