"""The people we write to: who they are, what they agreed to, and to whom we may not write."""
