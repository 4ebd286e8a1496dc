"""What a region fills in about its routes, questions, money and page, with Dutch texts; nothing is saved here."""
