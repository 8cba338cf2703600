"""The cage of a worker process: limits of memory, network and priority."""

import contextlib
import ctypes
import os
import resource
import signal
import sys

__all__ = ["enter_cage"]

_CLONE_NEWNET = 0x40000000
_CLONE_NEWUSER = 0x10000000
_PR_SET_NO_NEW_PRIVS = 38
_PR_SET_PDEATHSIG = 1


def enter_cage(memory: int, *, network: bool) -> None:
    """Give up what a query has no need of. What the system does not offer (other kernels, no rights) is left out."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides, not a Ctrl-C at the terminal
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    with contextlib.suppress(OSError):
        os.nice(5)
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        # A new network namespace has no way out, not even to this machine. Where only root may make one, a new
        # user namespace gives the right.
        if not network and libc.unshare(_CLONE_NEWNET) != 0:
            libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)
        # A process that is paused notices nothing, not even that its parent is gone. After the above, which undoes it.
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
