"""The same as pades-client.ts, by pyHanko: FOLDER OUTPUT FILE... Needs key.pem, certificate.pem, issuing.pem."""

import json
import os
import resource
import sys
import time

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers import SimpleSigner

folder, output, *files = sys.argv[1:]
signer = SimpleSigner.load(
    os.path.join(folder, "key.pem"),
    os.path.join(folder, "certificate.pem"),
    ca_chain_files=(os.path.join(folder, "issuing.pem"),),
)
metadata = PdfSignatureMetadata(field_name="Signature1", subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256")


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


before = peak()
started = time.perf_counter()
for index, name in enumerate(files):
    with open(name, "rb") as source, open(f"{output}-{index}.pdf", "wb+") as target:
        PdfSigner(metadata, signer).sign_pdf(IncrementalPdfFileWriter(source), output=target)
elapsed = (time.perf_counter() - started) * 1000
for index in range(len(files)):
    os.remove(f"{output}-{index}.pdf")
print(json.dumps({"ms": elapsed, "keyMs": 0, "growthMb": (peak() - before) / 1024}))
