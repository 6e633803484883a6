"""The chat in a browser: what lies between Gradio's components and the chatbot. In order of reading:

- ``framing``: whose pages may frame the chat
- ``proxy``: the proxy that signs visitors in
- ``options``: the options of ``pincite serve``
- ``server``: the socket and the server
- ``access/``: who may do what: the gate, sign-in, limits, headers
- ``guarded``: the gate, with the files of those who may pass it
- ``v1/``: the interface for programs, compatible with OpenAI's
- ``calls``: what passes to Gradio's routes
- ``engine``: the page in Gradio's server, behind the gate, with what other programs may call
- ``theme``: colours, letters and sizes
- ``served``: what listeners and routes stand on
- ``page/``: what the page's components call
- ``conversation/``: a question of a visitor, and conversations that are kept
- ``library/``: a visitor's own articles
- ``display/``: an answer as messages, as a source panel, as copies
- ``check_text``: the tab where a text is checked
- ``reports``: reports of checked texts, each for its visitor
- ``suggestions``: questions worth offering
- ``mcp_visits``: who asks by the Model Context Protocol
- ``refusal``: an error that a visitor reads
"""
