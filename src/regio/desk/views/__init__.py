"""Pages of the desk: the public site of a region, the route advice, and where the region edits both."""
