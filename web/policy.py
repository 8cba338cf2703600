"""The content security policy: what a page may load, and from where (W3C Content Security Policy, level 3)."""

__all__ = ["policy"]

_DIRECTIVES = {
    "default-src": "'none'",
    "style-src": "'self'",
    "script-src": "'self'",
    "img-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}


def policy(**more: str) -> str:
    """Return the policy of a page, with further directives for one that needs them.

    >>> policy(connect_src="'self'").partition("; connect-src ")[2]
    "'self'"
    """
    further = {name.replace("_", "-"): value for name, value in more.items()}
    return "; ".join(f"{name} {value}" for name, value in {**_DIRECTIVES, **further}.items())
