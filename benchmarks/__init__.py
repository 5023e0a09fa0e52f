"""Benchmarks: each measures backmail beside a peer in the same interleaved run and prints a table with a ratio."""
