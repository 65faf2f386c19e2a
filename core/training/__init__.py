"""What surrounds ``fit``: recording, the visitor's wishes, snapshots, a guard against NaN."""
