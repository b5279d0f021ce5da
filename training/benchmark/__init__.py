"""The paper's comparison in simulation as one experiment: jobs, results, table, figures."""
