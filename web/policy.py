"""The content security policy: what a page may load, and from where (W3C Content Security Policy, level 3)."""

from flask import Response

__all__ = ["allow_framing", "is_framed", "policy"]

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


def allow_framing(response: Response) -> None:
    """Let pages of all sites show an answer in a frame: it has nothing to click but links, and nobody is logged in."""
    response.headers["Content-Security-Policy"] = policy(frame_ancestors="*")


def is_framed(response: Response) -> bool:
    """Tell whether other sites may show an answer in a frame."""
    return "frame-ancestors *" in response.headers.get("Content-Security-Policy", "")
