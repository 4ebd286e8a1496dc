"""Pages of the cases of a desk."""
