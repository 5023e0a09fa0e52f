"""The delivery protocol under seeded faults, on a clock and with a chance of its own: a seed tells the same story."""
