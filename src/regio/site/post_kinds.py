"""What the trail calls the things done with mail that came in; apart, since the page loads views."""

KINDS = {
    "mail_seen": "Een binnengekomen mail is gelezen", "mail_assigned": "Een binnengekomen mail is aan iemand gegeven",
    "mail_became": "Een binnengekomen mail is verwerkt", "mail_failed": "Een binnengekomen mail kon niet worden verwerkt",
    "mail_dropped": "Een binnengekomen mail is weggelegd", "mail_put_back": "Een weggelegde mail is teruggezet",
}  # fmt: skip
