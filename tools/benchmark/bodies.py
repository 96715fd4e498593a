"""Bodies of entries as people write them: sentences of the demo's texts in every block of words."""

import random
import re
import uuid
from pathlib import Path

DEMO = Path(__file__).resolve().parents[2] / "demo" / "content"
LENGTH = 10_000  # characters of a body: with what stands around it, a page of about 20 KB
CODE = '''def {name}(entries: list[str], limit: int = {number}) -> list[str]:
    """Return the entries that {sentence}"""
    found = [entry for entry in entries if len(entry) > limit]
    return sorted(found, key=lambda entry: entry.casefold())
'''


def sentences() -> list[str]:
    text = " ".join(path.read_text() for path in sorted(DEMO.glob("*/**/*.md")))
    prose = " ".join(re.findall(r"^[A-Z][^\n]{60,}$", text, re.MULTILINE))
    return re.findall(r"[A-Z][\w ,;:’'-]{30,200}[.?!]", prose)


def make_bodies(number: int) -> list[list[dict]]:
    """Return as many different bodies, the same at every run, as StreamField keeps them."""
    chance, words = random.Random(number), sentences()
    return [_body(chance, words) for _ in range(number)]


def _body(chance: random.Random, words: list[str]) -> list[dict]:
    body: list[dict] = []
    length = 0
    while length < LENGTH:
        kind = chance.choice("heading list quote code call_out".split() + ["paragraph"] * 12)
        value = _value(kind, chance, words)
        identity = str(uuid.UUID(int=chance.getrandbits(128), version=4))
        type_ = "paragraph" if kind == "list" else kind
        body.append({"type": type_, "value": value, "id": identity})
        length += len(str(value))
    return body


def _value(kind: str, chance: random.Random, words: list[str]) -> str | dict:
    one, *rest = chance.sample(words, 6)
    match kind:
        case "heading":
            return {"text": one[:50].rstrip(" ,.;:"), "level": chance.choice(["h2", "h2", "h3"])}
        case "list":
            return "<ul>" + "".join(f"<li>{item}</li>" for item in rest) + "</ul>"
        case "quote":
            return {"text": f"<p>{one}</p>", "attribution": rest[0][:20]}
        case "code":
            name, number = f"chosen_{chance.randrange(1000)}", chance.randrange(1000)
            code = CODE.format(name=name, number=number, sentence=one.lower())
            return {"language": "python", "code": code, "caption": f"{name}.py"}
        case "call_out":
            return {"kind": "tip", "title": "", "text": f"<p>{one} {rest[0]}</p>"}
    link = f'<a href="https://example.org/{chance.randrange(1000)}">{rest[0]}</a>'
    return f"<p>{one} <b>{rest[1]}</b> {link} {' '.join(rest[2:])}</p>"
