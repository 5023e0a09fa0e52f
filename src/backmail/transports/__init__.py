"""Carriers of finished messages: a folder, memory, an SMTP relay; and what an answer of theirs means."""

from backmail.transports.folder import FolderTransport
from backmail.transports.memory import Carried, MemoryTransport
from backmail.transports.relay import Login, Relay, TimeOuts
from backmail.transports.smtp import SmtpTransport
from backmail.transports.transport import MayWrite, Takes, Transport, Wire

__all__ = [
    "Carried",
    "FolderTransport",
    "Login",
    "MayWrite",
    "MemoryTransport",
    "Relay",
    "SmtpTransport",
    "Takes",
    "TimeOuts",
    "Transport",
    "Wire",
]
