"""Every number a person may change, its type and unit; topic names; the one error tree."""
