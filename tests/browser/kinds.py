"""The kinds of pages that there are, each with an address on the dataset of the browser's tests.

A new page is one line here; ``test_every_page_is_in_the_list`` finds the route that has none, and
``test_every_kind_of_thing_is_in_the_list`` the kind of thing.
"""

from collections.abc import Mapping

__all__ = ["NO_PAGE", "PAGES", "UNSUCCESSFUL"]

EVENT = "/event/2021-05-02-geneva-summit"
#: What it is -> its address. ``{article}`` stands for an article that was read whole, ``{words}`` for the place of
#: words in it, ``{day}`` for that of a date, ``{record}`` for a record, ``{agent}`` for the program that read it.
PAGES: Mapping[str, str] = {
    "timeline": "/",
    "timeline with filters": "/?person=ana-petrova&from=2021&confidence=0.5&q=geneva",
    "timeline with a mistake": "/?from=never",
    "timeline without events": "/?q=nothing+at+all",
    "timeline in lanes": "/?group=person",
    "timeline in lanes of places": "/?group=place",
    "timeline in French": "/?lang=fr",
    "values of a facet": "/facets/person",
    "on this day": "/on-this-day?day=05-02",
    "on a day with nothing": "/on-this-day?day=02-29",
    "form of a comparison": "/compare",
    "comparison": "/compare?a=person/ana-petrova&b=person/tom-harding",
    "print": "/print?person=ana-petrova",
    "embedded timeline": "/embed?person=ana-petrova",
    "embedded event": f"/embed{EVENT}",
    "event": EVENT,
    "event in French": f"{EVENT}?lang=fr",
    "person": "/person/ana-petrova",
    "what is sure of a person": "/person/ana-petrova?confidence=0.9",
    "what is linked to a person": "/person/ana-petrova?page=1",
    "organization": "/organization/the-daily-zubrowkan",
    "place": "/place/geneva",
    "article": "{article}",
    "report": "{article}/report/1",
    "claim": "{article}/claim/1",
    "run of the extraction": "{article}/run",
    "mention": "{article}/mention/1",
    "role as stated": "{article}/role/1",
    "time expression": "{article}/time/{day}",
    "evidence": "{article}/evidence/{words}",
    "position in the text": "{article}/position/{words}",
    "quotation": "{article}/quote/{words}",
    "participation": f"{EVENT}/participation/tom-harding",
    "record": "/{record}",
    "program": "/{agent}",
    "what is linked to a program": "/{agent}?page=1",
    "curation": "/curation/zoe",
    "curator": "/curator/ngozi-okoro",
    "curator in French": "/curator/ngozi-okoro?lang=fr",
    "person that was curated": "/person/zoe-lindqvist",
    "role": "/role/prime-minister",
    "comparison with a mistake": "/compare?a=nobody&b=person/tom-harding",
    "search in claims": "/person/ana-petrova?said=chapter",
    "people": "/people",
    "organizations": "/organizations",
    "places": "/places",
    "articles": "/articles",
    "search in a list": "/people?q=ana",
    "disagreements": "/disagreements",
    "disagreements on one question": "/disagreements?aspect=time",
    "curations": "/curations",
    "curations in French": "/curations?lang=fr",
    "queries": "/queries",
    "form of a query": "/queries/meetings-of-a-person",
    "answer to a query": "/queries/meetings-of-a-person?person=ana-petrova",
    "answer in order of time": "/queries/meetings-of-a-person?person=ana-petrova&view=timeline",
    "form of a query with a mistake": "/queries/meetings-of-a-person?person=Nobody",
    "SPARQL form": "/sparql",
    "SPARQL with a mistake": "/sparql?query=SELECT%20nonsense",
    "yes or no from SPARQL": "/sparql?query=ASK%20%7B%7D",
    "graph from SPARQL": "/sparql?query=CONSTRUCT%20WHERE%20%7B%20%3Fs%20a%20schema%3APerson%20%7D",
    "result of SPARQL": "/sparql?query=SELECT%20*%20%7B%20%3Fs%20a%20schema%3APerson%20%7D",
    "about": "/.well-known/void",
    "ontology": "/ontology",
    "shapes": "/shapes",
    "file of shapes": "/shapes/report",
    "dumps": "/dumps",
    "stream of changes": "/ldes",
    "page of the stream": "/ldes/1",
    "nothing there": "/person/nobody",
    "nothing there in French": "/person/nobody?lang=fr",
    "page behind the last": "/people?page=99",
    "format that is not offered": "/people?format=nothing",
}
#: Pages that tell of a mistake -> their status.
UNSUCCESSFUL: Mapping[str, int] = {
    "timeline with a mistake": 400,
    "comparison with a mistake": 400,
    "form of a query with a mistake": 400,
    "SPARQL with a mistake": 400,
    "nothing there": 404,
    "nothing there in French": 404,
    "page behind the last": 404,
    "format that is not offered": 406,
}
#: Endpoints that answer with something other than a page, or with one that is listed under another address.
NO_PAGE = frozenset(
    {
        "about.healthz", "about.metrics", "about.readyz", "asking.queries_json", "asking.query_as", "cite.citation",
        "compare.compare_as", "completion.names_json", "completion.terms_json", "curated.curations_in",
        "disagreements.disagreements_in", "dumps.checksums", "dumps.dump", "events.events",
        "facets.facet_values_json", "feed.events_feed", "feed.feed",
        "graph_store.direct", "graph_store.indirect", "ldes.stream_in", "listings.listing_in", "oembed.oembed",
        "on_this_day.on_this_day_in", "preview.thing_preview", "preview.timeline_preview", "resources.thing",
        "static", "vocabularies.ontology_in", "vocabularies.shapes_in",
    }
)  # fmt: skip
