"""The vocabulary of backmail: frozen values, no input or output."""
