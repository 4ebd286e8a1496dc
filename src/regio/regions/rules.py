"""Who may use which address of this app: everybody reads, who leads the programme or administers the region changes."""

from regio.accounts.access import CHANGERS, EVERYONE, PUBLIC, Access

CHANGING = Access(read=CHANGERS, change=CHANGERS)
ACCESS = {
    **dict.fromkeys(("regions", "region_in_our_letters", "set_in_our_letters", "code_in_our_letters"), PUBLIC),
    **dict.fromkeys(("own_region", "draft", "manage_region", "remove_region"), CHANGING),
    "what_became": Access(read=EVERYONE, change=CHANGERS),
}
