"""What leaves the server because of what was said: answers, deliveries, fetches.

Each effect has a cursor of its own in the log and turns facts into rows of a queue in the transaction that moves it, so
nothing is queued twice or forgotten. Workers take rows and act at least once; neighbours know an activity by its id.
Nothing here is ever run for the past: a rebuild of the views does not touch a cursor.
"""
