"""Files, processes and time: what the operating system gives, without anything that knows of articles.

In: paths, bytes, code to run. Out: files written whole, results of processes, seconds.

- ``paths``: where Pincite keeps models and indexes.
- ``files``: a file written atomically; flushing; SHA-256.
- ``json_fields``: JSON values read back field by field.
- ``sqlite_format``: a kind of SQLite file, its migrations, and its errors in words.
- ``sqlite_open``: opening such a file: created, migrated or refused.
- ``sqlite_file``: statements, transactions and copies of one.
- ``child_process``: Python code in a process of its own with limits on time, memory and output.
- ``clock``: seconds per stage.
"""
