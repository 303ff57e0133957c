"""Statements and polls at the edges of level 3, not random: `differ.py` holds both programs against each."""

import copy

from edge_body import Edge
from edge_polls import polls
from edge_table import NOWHERE, RULE, table


def ground(body):
    """Something of each sort, and its names."""
    if body.replay.state.level < 3:
        return dict.fromkeys(("poll", "form", "ballot", "reply", "request", "block"), NOWHERE)
    poll, block = body.open(RULE), body.open(RULE, "block.open", items=body.items[:2])
    form = body.open([RULE], "form.send", asked=[], agency="agency", approver="head")
    ballot = body.cast(1, form, {"answers": [{"choice": "yes"}], "papers": []})
    data = {"form": form, "ballot": ballot, "question": 0, "taken": "yes"}
    reply = body.do(4, "agency", "reply.write", data)
    found = {"poll": poll, "form": form, "ballot": ballot, "reply": reply, "block": block}
    return found | {"request": body.stand_in()}


def statements():
    for level in (1, 2, 3):
        body = Edge(level)
        known = ground(body)
        for number, told in enumerate(table(body.items, body.meeting, **known)):
            before = copy.deepcopy(body.replay)
            body.offer(*told)
            yield f"level {level}, {told[2]}, {number}", body, []
            body.replay = before
            body.drop()


def edges():
    yield from statements()
    yield from polls()
