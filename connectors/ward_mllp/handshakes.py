"""TLS connections that fail before a first byte is read: why, in a few words of our own.

Neither asyncio nor uvloop tells a protocol of them, so the TLS object itself is watched. The address of the other end
is not known there, and has no place in logs and numbers either (`hub/catalogue`).
"""

import ssl
from collections.abc import Callable
from typing import Final

PLAINTEXT: Final = "plaintext"
NO_CERTIFICATE: Final = "no-certificate"
CERTIFICATE_EXPIRED: Final = "certificate-expired"
UNKNOWN_AUTHORITY: Final = "unknown-authority"
CERTIFICATE_NOT_VALID: Final = "certificate-not-valid"
OURS_REFUSED: Final = "our-certificate-refused"
TOO_OLD: Final = "too-old"
OTHER: Final = "other"

_EXPIRED: Final = 10
_AUTHORITY: Final = frozenset({18, 19, 20, 21})
"""Self-signed, in a chain too, and issuers that are not in `client_ca`. Both: X509_V_ERR_ of OpenSSL's x509_vfy.h."""

_WORDS: Final = {
    "HTTP_REQUEST": PLAINTEXT,
    "PACKET_LENGTH_TOO_LONG": PLAINTEXT,
    "RECORD_LAYER_FAILURE": PLAINTEXT,
    "WRONG_VERSION_NUMBER": PLAINTEXT,
    "PEER_DID_NOT_RETURN_A_CERTIFICATE": NO_CERTIFICATE,
    "NO_SHARED_CIPHER": TOO_OLD,
    "UNSUPPORTED_PROTOCOL": TOO_OLD,
    "VERSION_TOO_LOW": TOO_OLD,
}
_ALERT: Final = "_ALERT_"
"""In the reason of what the other end said: that it will not have our certificate, most often."""


def watch(context: ssl.SSLContext, failed: Callable[[str], None]) -> None:
    """Have each failed handshake of a listener told by its word."""

    class Watched(ssl.SSLObject):
        def do_handshake(self) -> None:
            try:
                super().do_handshake()
            except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
                raise
            except ssl.SSLError as error:
                failed(word_for(error))
                raise

    context.sslobject_class = Watched


def word_for(error: ssl.SSLError) -> str:
    """Why a handshake failed, as a word that is counted."""
    if isinstance(error, ssl.SSLCertVerificationError):
        if error.verify_code == _EXPIRED:
            return CERTIFICATE_EXPIRED
        return UNKNOWN_AUTHORITY if error.verify_code in _AUTHORITY else CERTIFICATE_NOT_VALID
    reason = error.reason or ""
    return OURS_REFUSED if _ALERT in reason else _WORDS.get(reason, OTHER)
