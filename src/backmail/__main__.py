"""Lets `python -m backmail` do what the command `backmail` does."""

from backmail.cli import main

if __name__ == "__main__":
    main()
