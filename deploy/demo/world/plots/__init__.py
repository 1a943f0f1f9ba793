"""Plots: what may happen to one patient in the day. Each sends messages, and says beside them what is so in the end."""
