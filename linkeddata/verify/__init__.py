"""The proof that every door says the same of a thing: each is asked, its answer read back, and all are compared.

Of a record the measure is its kept source document, translated again by the mapping as it is now; of a shared
thing, what most of its doors say. What is stored is asked for at the SPARQL endpoint, as a stranger would.
Nothing here knows HTTP or the command line: a `Client` asks.
"""

from linkeddata.verify.doors import Answer, Client
from linkeddata.verify.faults import Fault, Report
from linkeddata.verify.targets import Target, sample, target
from linkeddata.verify.verifying import Verifier

__all__ = ["Answer", "Client", "Fault", "Report", "Target", "Verifier", "sample", "target"]
