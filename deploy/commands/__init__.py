"""The verbs of `hub`, one file each. Each imports what it needs when it runs, not before."""
