"""Every exception of ours, so that a caller can tell what to do from the class alone.

LinkedDataError
├── ConfigurationError        a setting or a table line is wrong; nothing was started
├── SourceError               a source cannot be read, or broke off
├── RecordRefused             one record cannot be published; the run goes on
├── StoreError                the graph cannot be read or written
│   ├── StoreLocked           another process writes this data directory
│   ├── EditionOutdated       an edition's files are of another version of ours
│   ├── EditionForbidden      an edition's files may not be read by this user
│   ├── DiskFull              there is no room for what a run writes
│   └── NothingPublished      there is no edition yet
├── TranslatorLost            a process that translates was ended from outside
├── RefusedForSafety          the run would do what the operator did not ask for
├── NotAcceptable             none of our formats is wanted
├── RequestMistaken           a request contradicts itself, or names what there is not
└── QueryError                a stranger's SPARQL got no answer
    ├── QueryMalformed        it cannot be parsed
    ├── QueryForbidden        it asks for what this endpoint never does
    ├── QueryTooCostly        it met the limit of time, memory or size
    ├── QueryQueueFull        too many queries at once; try again later
    └── QueryBudgetSpent      this client has had its share of time; try again later
"""

from __future__ import annotations


def marked(message: str) -> str:
    """A message as it is, marked for catalogues: a table holds it, and it is said later."""
    return message


class LinkedDataError(Exception):
    """The base of all; its text is fit to be shown to the person who asked.

    The message may hold `%(name)s` in the place of `values`, so that it can be said in other languages with the same
    values; one that is an error itself stands for what it says.
    """

    def __init__(self, message: str = "", /, **values: object) -> None:
        super().__init__(message % values if values else message)
        self.message, self.values = message, values


class ConfigurationError(LinkedDataError):
    """A setting, or a line of a table the operator may edit, is wrong."""


class SourceError(LinkedDataError):
    """A source cannot be opened, or broke off before its end."""


class RecordRefused(LinkedDataError):
    """One record cannot be published; its text is the reason, without the record's id."""


class StoreError(LinkedDataError):
    """The graph cannot be read or written."""


class StoreLocked(StoreError):
    """Another process is writing this data directory; the text names its pid."""


class EditionOutdated(StoreError):
    """An edition's store or search index was written by another version; the text names what makes it anew."""


class EditionForbidden(StoreError):
    """An edition is there, and this user has no right to read it."""


class DiskFull(StoreError):
    """There is no room left for what a run writes; nothing of it stays."""


class NothingPublished(StoreError):
    """The data directory holds no edition yet."""


class TranslatorLost(LinkedDataError):
    """A process that translates records was ended from outside; nothing of the run stays."""


class RefusedForSafety(LinkedDataError):
    """The run would change more than the operator asked for."""


class NotAcceptable(LinkedDataError):
    """None of the formats we can give is among those wanted."""


class RequestMistaken(LinkedDataError):
    """The parameters of a request contradict it or each other, or have values that mean nothing here."""


class QueryError(LinkedDataError):
    """A SPARQL query got no answer."""


class QueryMalformed(QueryError):
    """The query cannot be parsed; the text says where."""


class QueryForbidden(QueryError):
    """The query asks for something this endpoint never does (update, SERVICE, LOAD)."""


class QueryTooCostly(QueryError):
    """The query was ended at the limit of time, memory, nesting or size that the text names.

    `limit` says which, for those who count: `time`, `memory`, `complexity`; `abandoned` where nobody waited for the
    answer any longer, `repeated` where the same query was ended a moment ago.
    """

    def __init__(self, message: str, /, limit: str = "complexity", **values: object) -> None:
        super().__init__(message, **values)
        self.limit = limit


class QueryQueueFull(QueryError):
    """Every worker is busy and the queue is full."""

    def __init__(self, message: str, /, retry_after: int = 2) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class QueryBudgetSpent(QueryError):
    """The client has used more query time than one may in a minute."""

    def __init__(self, message: str, /, retry_after: int, **values: object) -> None:
        super().__init__(message, **values)
        self.retry_after = retry_after
