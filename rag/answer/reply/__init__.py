"""The reply of a chat model from any provider, read from the chunks of its stream: what of it may be shown.

- ``reader``: the entry: chunks in, certain text out, a statement at a time
- ``reasoning``: takes a model's reasoning out of its reply
- ``statements``: cuts a reply into statements, without refusals, wrapping and repetition
- ``refusal``: recognises a statement that says that the passages do not answer
- ``marks``: rewrites the forms of marks to ``[1]``
- ``wrapping``: takes off JSON, code fences, prefaces, HTML tags and lists of sources
- ``ending``: whether a reply is complete, was cut off or was filtered by its provider
"""
