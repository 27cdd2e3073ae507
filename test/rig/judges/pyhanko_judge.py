"""Asks pyHanko about signed PDF files, as `pyhanko sign validate` does. Arguments: the trusted root and another
certificate (PEM), then files. Prints one line of JSON for each file."""

import json
import logging
import sys

from asn1crypto import x509
from asn1crypto.pem import unarmor
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

logging.disable(logging.CRITICAL)


def certificate(name):
    with open(name, "rb") as file:
        return x509.Certificate.load(unarmor(file.read())[2])


def judged(name, root, issuing):
    # Hybrid files, which older and newer readers see differently, are read only when not strict.
    with open(name, "rb") as file:
        reader = PdfFileReader(file, strict=False)
        context = ValidationContext(trust_roots=[root], other_certs=[issuing], allow_fetching=False)
        signatures = []
        for embedded in reader.embedded_regular_signatures:
            status = validate_pdf_signature(embedded, context)
            signatures.append(
                {
                    "field": embedded.field_name,
                    "intact": status.intact,
                    "valid": status.valid,
                    "trusted": status.trusted,
                    "bottomLine": status.bottom_line,
                    "coverage": status.coverage.name,
                    "modification": status.modification_level.name if status.modification_level else None,
                    "signingTimeAttribute": any(
                        attribute["type"].native == "signing_time"
                        for attribute in embedded.signer_info["signed_attrs"]
                    ),
                }
            )
        return {"signatures": signatures}


root, issuing = certificate(sys.argv[1]), certificate(sys.argv[2])
for name in sys.argv[3:]:
    try:
        print(json.dumps(judged(name, root, issuing)))
    except Exception as error:  # whatever it is: there is no verdict
        print(json.dumps({"signatures": [], "error": repr(error)}))
