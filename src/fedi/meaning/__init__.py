"""From what was said to what is so: events are read into claims, and claims are resolved into facts.

Both the projections and the effects look through these eyes, so a thing means the same to the views and to the network.
Nothing here knows a setting, a clock, randomness or the network.
"""
