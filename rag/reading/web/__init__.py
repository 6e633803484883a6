"""Fetches an article from its URL: requests go to the open internet alone, within limits of time and size.

A URL goes in; the article of the page comes out, or an error. No code that answers visitors may import ``article``,
``download`` or ``transport``. In order of reading:

- ``article``: a URL to an article
- ``download``: a URL to the bytes of a page: redirects, status, size, unpacking
- ``transport``: one HTTP request to checked IP addresses
- ``deadline``: the time limit that all steps share
- ``url``: which URLs are fetched, and which IP addresses are public
"""
