"""Who may do what: every request passes through the gate. In order of reading:

- ``gate``: the gate before the application
- ``allowed_paths``: the list of what can be reached
- ``visitors``: who asks: a browser with a cookie, a user who signed in, or a program with a key
- ``proxied``: the user whom a proxy names
- ``sessions``: who is signed in
- ``users``: the file of names and password hashes
- ``keys``: the file of the keys of programs
- ``named_hashes``: what both files are
- ``rate_limits``: how much a visitor may ask in a while
- ``headers``: the headers of every reply
- ``pages``: whose page calls, and whether anybody still listens
- ``busy``: what a visitor may do once at a time
"""
