"""The interface for programs under ``/v1``, compatible with OpenAI's chat completions. In order of reading:

- ``routes``: the application
- ``wire``: what is sent and received
- ``asked``: a request, read: the question, the conversation before it, which articles are asked
- ``events``: the events of an answer, awaited, once there is a place for it
- ``reply``: an answer as a message, or as the chunks of a stream
- ``connection``: work that stops when its client has gone; a stream of events
- ``described``: the OpenAPI document
"""
