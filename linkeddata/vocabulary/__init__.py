"""The words we speak and the names we give: terms, identifiers, URIs, and what `ontologies/` holds."""
