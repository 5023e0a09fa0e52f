"""Torture: real engines that are killed, stopped and lied to while they send, and what their tables say afterwards."""
