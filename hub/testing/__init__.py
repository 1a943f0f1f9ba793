"""MemoryHub: the same chain in one process, with virtual time. For flow tests and `hub try`, never a product mode."""
