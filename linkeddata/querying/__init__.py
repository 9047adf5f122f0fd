"""The disposable processes that run strangers' queries, what they are forked from, and how they speak.

A room of its own, which imports nothing of ours: what is loaded here every one of them holds, and while somebody
sends runaways they are lost and come again and again.
"""
