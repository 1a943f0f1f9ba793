"""The one configuration file, `hub.yaml`: its model, its checks, and how it is read."""
