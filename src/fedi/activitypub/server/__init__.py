"""The edge of federation: what other servers ask and tell us, at the addresses where they look for it.

Nothing is believed here before its signature held and its actor was found to own what it speaks of; what passes is
appended to the log as it came, and answered after it is on disk. May import everything below `api` and `web`.
"""
