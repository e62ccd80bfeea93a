"""All SQL, on real files."""
