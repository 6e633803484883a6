"""The page of an evaluation: one HTML file with tables, plots and every miss. Pure: nothing is read or written.

In comes a ``rag.evaluation.run.Report``, out comes HTML. In order of reading:

- ``page``: the whole page
- ``question``: one question, with its passages and the step at which it was lost
- ``plots``: the curves as SVG
- ``svg``: an SVG of matplotlib made to fit into the page
"""
