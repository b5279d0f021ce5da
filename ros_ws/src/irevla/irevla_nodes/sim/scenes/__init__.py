"""What stands on the table: one module a scene, each with its start states, success predicate and expert."""
