"""The ids of blocks, which are their public anchors: what stays the same keeps its own."""

import difflib
import json
import uuid


def with_ids(blocks: list[dict], before: list[dict]) -> list[dict]:
    """Give each block an id; one that stood there before keeps its own, which is its anchor."""
    # Sorted, since PostgreSQL keeps an order of its own.
    keys = [
        [json.dumps([block["type"], block["value"]], sort_keys=True) for block in each]
        for each in (before, blocks)
    ]
    matcher = difflib.SequenceMatcher(a=keys[0], b=keys[1], autojunk=False)
    kept = {
        match.b + offset: before[match.a + offset].get("id")
        for match in matcher.get_matching_blocks()
        for offset in range(match.size)
    }
    return [
        {**block, "id": kept.get(number) or str(uuid.uuid4())}
        for number, block in enumerate(blocks)
    ]
