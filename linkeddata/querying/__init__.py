"""The disposable process that runs strangers' queries, and how it speaks.

A room of its own, which imports nothing of ours: every process that is lost is started anew, so what its start
costs is paid again and again while somebody sends runaways. With the libraries of `store` around it that is
three times as much.
"""
