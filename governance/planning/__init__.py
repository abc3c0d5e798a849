"""What is due and why: the evaluator that is the reference, and the frozen plan. Pure."""
