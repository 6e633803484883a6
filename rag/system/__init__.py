"""The machine below everything else: paths, files, SQLite files, child processes, JSON, time.

Nothing here knows of articles or questions. In order of reading:

- ``paths``: where Pincite keeps what it makes
- ``files``: files written atomically, and their SHA-256
- ``sqlite_file``: one SQLite file with transactions and translated errors
- ``sqlite_open``: opens one: creates it, migrates it, or refuses it
- ``sqlite_format``: a kind of SQLite file: its id, format number, tables and migrations
- ``child_process``: code in a process of its own, bounded in time, memory and output
- ``callback_stream``: work in a thread as an iterator that can be stopped
- ``async_stream``: an iterator's items for code that awaits, from a thread that ends with the stream
- ``tracing``: spans of OpenTelemetry, where it is installed
- ``memory``: how much memory is free for this process
- ``json_fields``: plain JSON values read back field by field
- ``progress``: how long work reports its progress
- ``clock``: seconds per stage
"""
