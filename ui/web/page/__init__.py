"""What the page's components call, and what they get. In order of reading:

- ``listening``: what every listener needs
- ``talk``: the conversation and the source panel
- ``sidebar``: the list of conversations
- ``library``: the list of articles
- ``checking``: the tab where a text is checked
"""
