"""llama.cpp in this process: a GGUF file as a LangChain chat model.

In goes the path of a GGUF file; out comes ``chat_model.Llama``, a LangChain chat model that streams, counts tokens and
obeys a grammar. A file that is damaged or that crashes llama.cpp is a ``ModelError``, never a crash of this process.

Files in order of reading:

- ``chat_model``: the chat model, and the loaded models that its instances share
- ``gguf``: reads the header of a GGUF file
- ``probe``: tries a file in a child process before it is loaded in this one
- ``unix_socket``: the private socket of llama.cpp's HTTP server, over which tokens are counted
"""
