"""What an experiment's results look like: table, verdict, figures, report."""
