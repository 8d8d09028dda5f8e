"""What reviews by models cost and came to: one row an attempt, budgets, no code and no prompt text."""
