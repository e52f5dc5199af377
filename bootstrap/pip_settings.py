"""Which of pip's settings reach pip: those that say how to get packages, none that would steer the choice.

Used by pip_for_target.py.
"""

# pip's settings (environment, pip.conf) that say where packages come from and how to get there. All others would change
# which packages are chosen, or what pip does with them.
KEPT_SETTINGS = {
    "cert",
    "client-cert",
    "default-timeout",
    "extra-index-url",
    "find-links",
    "index-url",
    "keyring-provider",
    "no-index",
    "proxy",
    "resume-retries",
    "retries",
    "timeout",
    "trusted-host",
}

# Of those left out, the ones whose absence a user should hear about.
STEERING_SETTINGS = {
    "abi",
    "all-releases",
    "constraint",
    "implementation",
    "no-binary",
    "only-binary",
    "only-final",
    "platform",
    "pre",
    "prefer-binary",
    "python-version",
    "require-hashes",
    "requirement",
    "uploaded-prior-to",
}

# Values of --use-feature and --use-deprecated that are about certificates.
KEPT_FEATURES = {"truststore", "legacy-certs"}


def is_kept(key, value):
    """Whether a setting only says how to reach packages."""
    if key in ("use-feature", "use-deprecated"):
        return set(value.split()) <= KEPT_FEATURES
    return key in KEPT_SETTINGS


def clear_environment(environment, ignored):
    """Also what the processes that pip starts would read."""
    for name in sorted(environment):
        key = name[len("PIP_") :].lower().replace("_", "-")
        if name.startswith("PIP_") and name != "PIP_CONFIG_FILE" and not is_kept(key, environment[name]):
            note_steering(key, ignored)
            del environment[name]


def keep_index_settings(ignored):
    """Lets pip see only KEPT_SETTINGS of its configuration files."""
    from pip._internal.cli.parser import ConfigOptionParser

    original = ConfigOptionParser._get_ordered_configuration_items

    def index_settings(self):
        for key, value in original(self):
            if is_kept(key, value):
                yield key, value
            else:
                note_steering(key, ignored)

    ConfigOptionParser._get_ordered_configuration_items = index_settings


def note_steering(key, ignored):
    """Remembers a setting that is left out and that the user may count on."""
    if key in STEERING_SETTINGS and key not in ignored:
        ignored.append(key)
