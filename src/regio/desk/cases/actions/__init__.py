"""Everything that changes a case; one function per use-case, in one transaction with its event."""
