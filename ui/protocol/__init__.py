"""The Model Context Protocol: the articles as tools and resources for other programs' models. In order of reading:

- ``access``: where the tools get the articles from: what either way of serving has to give
- ``lines``: standard input as lines that the protocol's parser reads
- ``arguments``: what the tools take
- ``results``: what they give
- ``addresses``: addresses of articles and of their words
- ``tools``: ask, check, search, read_article, list_articles
- ``resources``: articles as resources
- ``server``: the server, over HTTP and over standard input and output
- ``opened_apart``: the articles of a server with one client
"""
