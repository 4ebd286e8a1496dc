"""What pages say about staff and shortage: `staffing` for one outlook, and a module per page beside it."""
