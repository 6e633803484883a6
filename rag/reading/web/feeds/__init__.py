"""Feeds (RSS, Atom) and sitemaps: lists of pages that a site publishes, and the articles of those pages.

The address of a list goes in; its entries come out, and of each entry an article. In order of reading:

- ``entries``: an entry of a list, and the list
- ``listing``: what is at an address: a feed, a sitemap, or a page
- ``syndication``: the entries of an RSS or Atom feed
- ``sitemap``: the entries of a sitemap
- ``articles``: the articles of entries, each fetched from its page
"""
