"""Joint rounds: boards of a region give in their shortage, and see the sum in which no board's own can be found."""
