"""`python -m benchmarks [--slow] [NAME ...]`: runs those benchmarks, or all, each in a process of its own.

`python -m benchmarks article ...` hands the rest to that one, and so does `sizes`.
"""

import subprocess
import sys

FAST = ("help", "new", "compose", "address", "wire", "sizes", "memory", "unsubscribe", "article")
SLOW = ("demo", "due", "cycles", "durable", "simulate", "preview")


def main(arguments: list[str]) -> int:
    """Run what the arguments name and return the worst exit code; no benchmark fails for being slow."""
    if arguments[:1] in (["article"], ["sizes"]):
        module, *rest = arguments
        return subprocess.run([sys.executable, "-m", f"benchmarks.{module}", *rest], check=False).returncode
    names = [name for name in arguments if name != "--slow"]
    unknown = sorted(set(names) - {*FAST, *SLOW})
    if unknown:
        print(f"no benchmark {', '.join(unknown)}; there are {', '.join((*FAST, *SLOW))}", file=sys.stderr)
        return 2
    chosen = names or [*FAST, *(SLOW if "--slow" in arguments else ())]
    return max(subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False).returncode for name in chosen)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
