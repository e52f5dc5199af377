"""Says which environment markers and Python requirements hold for a Python that is not this one.

Markers are evaluated by the "packaging" that pip brings, so that a lock means here what it means to pip.

It reads one JSON document from stdin and writes one to stdout.

Request
    pip             directory that holds the package "pip"; null for the pip of this interpreter
    environment     values of all markers (PEP 508)
    queries         list of objects, each one of
        marker              the marker's text, and beside it
            extras              names that "extras" holds (PEP 751)
            dependency_groups   names that "dependency_groups" holds (PEP 751)
            active              names that "extra" stands for, all at once (uv's conflict markers); null: every
                                comparison with "extra" holds
        specifier           versions as in Requires-Python, compared with python_full_version

Answer
    list of true, false or {"error": text}, one per query

Written for Python 3.8 and later, with pip 24.0 to 26.3. PEP 751's names need pip 25.1, which needs Python 3.9.
"""

import json
import sys


def main():
    """Reads the queries and answers them."""
    request = json.load(sys.stdin)
    if request["pip"] is not None:
        sys.path.insert(0, request["pip"])
    evaluator = Evaluator(request["environment"])
    json.dump([evaluator.answer(query) for query in request["queries"]], sys.stdout)


class Evaluator:
    """Evaluates for one environment."""

    def __init__(self, environment):
        from pip import __version__
        from pip._vendor.packaging import markers, specifiers, utils

        self.environment = environment
        self.pip = __version__
        self.markers = markers
        self.specifiers = specifiers
        self.normalise = utils.canonicalize_name
        self.knows_sets = hasattr(markers, "EvaluateContext")
        # what a comparison that is settled already is replaced by
        value = environment["os_name"]
        self.true = markers.Marker('os_name == "%s"' % value)._markers[0]
        self.false = markers.Marker('os_name != "%s"' % value)._markers[0]

    def answer(self, query):
        """Returns whether the query holds; an error is an answer too, so that all of them are told at once."""
        try:
            if "specifier" in query:
                return self.allows(query["specifier"])
            return self.holds(query)
        except Exception as error:  # whatever packaging raises for text that it cannot read or compare
            return {"error": " ".join(str(error).split())}

    def allows(self, specifier):
        """Whether versions as in Requires-Python include this Python."""
        python = self.environment["python_full_version"]
        return self.specifiers.SpecifierSet(specifier).contains(python, prereleases=True)

    def holds(self, query):
        """Whether the marker holds."""
        if not self.knows_sets and ("extras" in query["marker"] or "dependency_groups" in query["marker"]):
            raise ValueError("pip %s does not know extras and dependency_groups (PEP 751), 25.1 does" % self.pip)
        marker = self.markers.Marker(query["marker"])
        environment = dict(self.environment)
        if self.knows_sets:
            environment["extras"] = frozenset(query["extras"])
            environment["dependency_groups"] = frozenset(query["dependency_groups"])
        active = None if query["active"] is None else {self.normalise(name) for name in query["active"]}
        marker._markers = self.settle(marker._markers, active)
        return marker.evaluate(environment)

    def settle(self, node, active):
        """Replaces comparisons with "extra", which stands for one name only, by what they are for several."""
        if isinstance(node, list):
            return [self.settle(part, active) for part in node]
        if not isinstance(node, tuple):
            return node
        left, operator, right = node
        if isinstance(right, self.markers.Variable):
            left, right = right, left
        if not isinstance(left, self.markers.Variable) or left.value != "extra":
            return node
        if operator.value not in ("==", "!="):
            raise ValueError("extra %s: expected == or !=" % operator.value)
        is_active = active is None or (self.normalise(right.value) in active) == (operator.value == "==")
        return self.true if is_active else self.false


if __name__ == "__main__":
    main()
