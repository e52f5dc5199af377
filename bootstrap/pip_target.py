"""Shows pip the target in place of the interpreter that it runs on: its markers and its tags.

Used by pip_for_target.py.
"""


def use_markers(environment):
    """Marker.evaluate() starts from this function's answer, here and wherever pip evaluates a marker."""
    from pip._vendor.packaging import markers

    markers.default_environment = lambda: dict(environment)
    if not hasattr(markers, "_normalize_extra_values"):
        normalise_extras(markers)


def normalise_extras(markers):
    """Compares extras by their normalised names (PEP 685); the packaging of pip 24.0 compares them letter by letter."""
    from pip._vendor.packaging.utils import canonicalize_name

    evaluate = markers._evaluate_markers

    def is_extra(node):
        return isinstance(node, markers.Variable) and node.value == "extra"

    def normalised(node):
        if not isinstance(node, tuple) or not any(map(is_extra, node)):
            return node
        return tuple(
            markers.Value(canonicalize_name(part.value)) if isinstance(part, markers.Value) else part for part in node
        )

    def evaluate_normalised(parsed, environment):
        if "extra" in environment:
            # None where pip reads metadata with pkg_resources, on Python 3.10 and earlier
            environment = dict(environment, extra=canonicalize_name(environment["extra"] or ""))
        return evaluate([normalised(node) for node in parsed], environment)

    markers._evaluate_markers = evaluate_normalised


def use_tags(tags):
    """Takes these for the supported tags, best first, whatever pip would make of --platform and --abi."""
    from pip._internal.models.target_python import TargetPython
    from pip._vendor.packaging.tags import Tag

    supported = [Tag(*tag.split("-")) for tag in tags]
    # get_unsorted_tags() is made of it
    TargetPython.get_sorted_tags = lambda self: supported
