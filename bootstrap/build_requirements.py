"""Keeps the addresses of indexes off the command line by which pip installs what a build needs.

pip starts itself for that, and hands its indexes on as arguments, which everybody on the machine can see in the process
list; they may hold passwords. As environment variables they say the same.

Used by pip_for_target.py.
"""

from pip._internal import build_env

SETTINGS = {
    "-i": "PIP_INDEX_URL",
    "--extra-index-url": "PIP_EXTRA_INDEX_URL",
    "--find-links": "PIP_FIND_LINKS",
    "--proxy": "PIP_PROXY",
}


def keep_addresses_off_command_lines():
    """Changes pip's own way of starting itself, in pip 24.0 to 26.3."""
    # a package in pip 26.3, a module before
    module = getattr(build_env, "installer", build_env)
    call = module.call_subprocess

    def call_without_addresses(command, *args, **kwargs):
        command, settings = split(command)
        environment = dict(kwargs.pop("extra_environ", None) or {}, **settings)
        return call(command, *args, extra_environ=environment, **kwargs)

    module.call_subprocess = call_without_addresses


def split(command):
    """Returns the command without addresses, and the settings that stand for them."""
    kept = []
    settings = {}
    words = iter(command)
    for word in words:
        if word == "--":
            kept += [word, *words]
        elif word not in SETTINGS:
            kept.append(word)
        else:
            value = next(words)
            if "://" in value and not value.startswith("file:"):
                settings.setdefault(SETTINGS[word], []).append(value)
            else:
                # a local path, which may hold the blanks that separate values of a setting
                kept += [word, value]
    return kept, {name: " ".join(values) for name, values in settings.items()}
