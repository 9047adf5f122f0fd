"""How queries come out, in one word each, for those who count."""

from __future__ import annotations

from typing import Final

from flask import Response

from linkeddata.errors import (
    LinkedDataError,
    NotAcceptable,
    QueryBudgetSpent,
    QueryForbidden,
    QueryMalformed,
    QueryQueueFull,
    QueryTooCostly,
)
from linkeddata.web.query_request import Refusal

#: Where the endpoint writes how the query of a request came out; None where there was none.
OUTCOME: Final = "linkeddata.outcome"
ANSWERED: Final = "answered"
CUT: Final = "answered-in-part"
#: What `QueryTooCostly` calls the limit, and how that is called here.
LIMITS: Final = {
    "time": "ended-at-time-limit",
    "memory": "ended-at-memory-limit",
    "complexity": "too-complex",
    "abandoned": "abandoned",
    "repeated": "ended-a-moment-ago",
}
FAILED: Final = "failed"
REFUSED: Final = "refused"
_OF_ERRORS: Final[tuple[tuple[type[Exception], str], ...]] = (
    (QueryMalformed, "malformed"),
    (QueryForbidden, "forbidden"),
    (QueryQueueFull, "queue-full"),
    (QueryBudgetSpent, "client-time-spent"),
    (NotAcceptable, "not-acceptable"),
    (LinkedDataError, FAILED),
)
#: Every word there is.
OUTCOMES: Final = (ANSWERED, CUT, *LIMITS.values(), *(word for _, word in _OF_ERRORS), REFUSED)


def of_answer(response: Response) -> str:
    """How a query came out that was answered."""
    return CUT if "X-Result-Truncated" in response.headers else ANSWERED


def of_error(error: Exception) -> str:
    """How a query came out that was not answered, from the error or what that was raised from."""
    if isinstance(error, QueryTooCostly):
        return LIMITS.get(error.limit, FAILED)
    if isinstance(error, Refusal):
        return of_error(error.__cause__) if isinstance(error.__cause__, Exception) else REFUSED
    return next((word for kind, word in _OF_ERRORS if isinstance(error, kind)), REFUSED)
