"""Cases of the desk: one person's way from first question to guidance, with an owner, a next step and a date.

An app of its own inside the desk, with its own tables: route advice and public pages know nothing of persons.
"""
