import { Failure } from '../../../contract/failures/failure.ts';
import { readTlv } from '../../card/tlv.ts';

/** What CMS copies out of a certificate, byte by byte: encoding it anew could change it. */
export interface CertificateParts {
  /** The issuer's Name, DER. */
  readonly issuer: Uint8Array;
  /** The serial number, a whole INTEGER. */
  readonly serialNumber: Uint8Array;
}

const [sequenceTag, integerTag, versionTag] = [0x30, 0x02, 0xa0];

/**
 * Issuer and serial number of a certificate (RFC 5280, 4.1), DER.
 * @throws Failure `card-malformed` when it is none, or longer than 64 KB.
 */
export function certificateParts(certificate: Uint8Array): CertificateParts {
  const fields = [...(readTlv(certificate).children()[0]?.children() ?? [])];
  if (fields[0]?.tag === versionTag) fields.shift();
  const [serialNumber, , issuer] = fields;
  if (serialNumber?.tag !== integerTag || issuer?.tag !== sequenceTag) {
    throw new Failure('card-malformed', { detail: 'no serial number and issuer in the certificate' });
  }
  return { issuer: issuer.encoding, serialNumber: serialNumber.encoding };
}
