"""Stands before `click`, which is here for developers and not where a server is installed (requirements.lock).

Where httpx finds it, it loads its own command line with rich and pygments: 4 MB of memory and a tenth of a second.
"""

raise ImportError("click is for developers")
