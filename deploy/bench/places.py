"""The places that everybody reads: those of an A01 that the hub's mapping uses, as far as such messages fill them."""

from typing import Final

WRITTEN: Final = """
MSH-3.1 MSH-4.1 MSH-7.1 MSH-9.1 MSH-9.2 MSH-10.1 EVN-2.1 EVN-6.1
PID-3[1].1 PID-3[1].4 PID-3[1].5 PID-3[2].1 PID-3[2].4 PID-5.1 PID-5.2 PID-5.3 PID-5.5 PID-7.1 PID-8.1
PID-11.1 PID-11.2 PID-11.3 PID-11.5 PID-13[1].1 PID-13[2].1 PID-14.1 PID-15.1 PID-30.1 PID-32.1
PD1-3.1 PD1-3.3
NK1-2.1 NK1-2.2 NK1-3.1 NK1-4.5 NK1-5[1].1 NK1-5[2].1
NK1[2]-2.1 NK1[2]-2.2 NK1[2]-3.1 NK1[2]-4.5 NK1[2]-5[1].1
PV1-2.1 PV1-3.1 PV1-3.3 PV1-3.4 PV1-4.1 PV1-14.1 PV1-19.1 PV1-19.4 PV1-36.1 PV1-37.1 PV1-44.1 PV1-45.1
PV2-9.1 ZU8-4.1
"""

PLACES: Final = tuple(WRITTEN.split())
