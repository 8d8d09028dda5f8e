"""People who looked: signed approvals in git notes, approving reviews of a forge, and what they clear."""
