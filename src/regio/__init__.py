"""The web application and command line of the onderwijsregio: one package per domain app."""
