"""The processes of the hub: gateway and worker, and `up`, which runs them all on one machine."""
