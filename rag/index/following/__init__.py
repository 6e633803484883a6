"""An index that follows feeds and sitemaps: what they name anew comes in beside what is there, and nothing goes.

In order of reading:

- ``feed_sync``: fetches what is new or changed in a list, and adds it
- ``feed_memory``: which entries were fetched before, and which time of change they had
"""
