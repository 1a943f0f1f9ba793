"""The kernel of the carers' hub: what every connector and processor is written with."""
