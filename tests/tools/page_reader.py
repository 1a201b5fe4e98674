# Copyright 2026 The graphiqa authors
# SPDX-License-Identifier: Apache-2.0
"""Reads an HTML page strictly and checks what must hold for every report."""
import collections
import html.parser
import json
import re

VOID = {"meta", "img", "br", "link", "input", "hr"}
# SVG elements that are written as <x/>.
EMPTY = {"path", "rect"}


class Page(html.parser.HTMLParser):
    """A page; raises ValueError where its tags are not balanced."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.bytes = len(text.encode("utf-8"))
        self.elements = []  # (tag, attributes), in order
        self.texts = []
        self.data = []  # JSON of script elements
        self.styles = []
        self._open = []
        self.feed(text)
        self.close()
        if self._open:
            raise ValueError(f"not closed: {self._open}")

    def handle_starttag(self, tag, attrs):
        names = [name for name, _ in attrs]
        if len(names) != len(set(names)):
            raise ValueError(f"an attribute twice: {tag} {names}")
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag, attrs):
        if tag not in EMPTY:
            raise ValueError(f"<{tag}/> is no HTML")
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if not self._open or self._open.pop() != tag:
            raise ValueError(f"</{tag}> at {self.getpos()}")

    def handle_data(self, data):
        where = self._open[-1] if self._open else ""
        if where == "script":
            if self.elements[-1][1].get("type") == "application/json":
                self.data.append(json.loads(data))
        elif where == "style":
            self.styles.append(data)
        else:
            self.texts.append(data)

    def text(self):
        return " ".join(" ".join(self.texts).split())

    def all(self, tag, **attributes):
        return [a for t, a in self.elements if t == tag
                and all(a.get(k) == v for k, v in attributes.items())]

    def with_class(self, name):
        return [a for _, a in self.elements
                if name in (a.get("class") or "").split()]

    def ids(self):
        return [a["id"] for _, a in self.elements if "id" in a]


def problems(page):
    """What is wrong with a page, as a list of texts."""
    found = []
    ids = page.ids()
    for name, count in collections.Counter(ids).items():
        if count > 1:
            found.append(f"id {name} {count} times")
    for tag, attributes in page.elements:
        for key in ("href", "src", "action", "srcset", "data", "poster"):
            value = attributes.get(key)
            if value is None or key == "data":
                continue
            internal = value.startswith("#") and value[1:] in ids
            if not internal and not (
                    key == "src" and value.startswith("data:image/jpeg;base64,")):
                found.append(f"{tag} {key}={value[:60]}")
        for key in attributes:
            if key.startswith("on"):
                found.append(f"{tag} {key}")
        for key in ("aria-labelledby", "aria-describedby"):
            for name in (attributes.get(key) or "").split():
                if name not in ids:
                    found.append(f"{tag} {key}={name}")
        if tag == "img" and "alt" not in attributes:
            found.append("img without alt")
        if tag == "svg" and not (
                attributes.get("aria-hidden") == "true"
                or attributes.get("role") == "img"
                and ("aria-label" in attributes
                     or "aria-labelledby" in attributes)):
            found.append(f"svg without a name: {attributes}")
    for style in page.styles:
        if re.search(r"url\(|@import|://", style):
            found.append("the style sheet names something outside")
    if len(page.all("html", lang="en")) != 1:
        found.append("no language")
    if not page.all("meta", **{"http-equiv": "Content-Security-Policy"}):
        found.append("no content security policy")
    return found
