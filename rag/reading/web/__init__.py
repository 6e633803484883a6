"""Fetches articles from their URLs: requests go to the open internet alone, within limits of time and size.

A URL goes in; the article of the page comes out, or an error. No code that answers visitors may import ``article``,
``download``, ``transport`` or ``feeds``. In order of reading:

- ``article``: a URL to an article
- ``download``: a URL to the bytes of a page: redirects, status, size, unpacking
- ``transport``: one HTTP request to checked IP addresses
- ``deadline``: the time limit that all steps share
- ``url``: which URLs are fetched, and which IP addresses are public
- ``feeds/``: the articles of the pages that a feed or sitemap names
"""
