"""Attacks on a real ``parley serve``: what is promised of status, time, memory and network holds under each."""
