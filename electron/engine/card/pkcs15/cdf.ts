import { Failure } from '../../../contract/failures/failure.ts';
import { Asn1Tag, derBoolean } from '../der.ts';
import { encodeTlv, readTlvHeader, type Tlv } from '../tlv.ts';
import type { Pkcs15Certificate } from './model.ts';
import { type CommonObject, identifier, type ObjectList, readObjects } from './object.ts';
import { parsePath } from './path.ts';

/**
 * EF.CDF, ISO 7816-15, 8.7: X.509 certificates (SEQUENCE). Attribute, PGP, WTLS and card-verifiable certificates are
 * passed over with a remark.
 * @throws Failure `card-malformed` when the file as a whole cannot be read.
 */
export function parseCdf(bytes: Uint8Array): ObjectList<Pkcs15Certificate> {
  return readObjects('CDF', bytes, new Map([[Asn1Tag.sequence, parseCertificate]]));
}

/** CommonCertificateAttributes: `SEQUENCE { iD, authority DEFAULT FALSE, … }`; then `SEQUENCE { value, … }`. */
function parseCertificate(object: CommonObject): Pkcs15Certificate {
  const id = identifier(object.classFields.required(Asn1Tag.octetString, 'iD'));
  const authority = object.classFields.optional(Asn1Tag.boolean);
  const direct = object.typeFields.optional(0xa0);
  return {
    label: object.label,
    id,
    authority: authority ? derBoolean(authority) : false,
    authId: object.authId,
    source: direct
      ? { kind: 'direct', der: directCertificate(direct) }
      : {
          kind: 'file',
          path: certificatePath(object.typeFields.required(Asn1Tag.sequence, 'certificate value')),
        },
  };
}

function certificatePath(value: Tlv) {
  const path = parsePath(value);
  if (!path) throw new Failure('card-malformed', { detail: 'a certificate with an empty path' });
  return path;
}

/** `[0] Certificate` is found both as explicit tag (the SEQUENCE inside) and as implicit one (in its place). */
function directCertificate(direct: Tlv): Uint8Array {
  const { value } = direct;
  const inner = readTlvHeader(value);
  if (inner?.tag === Asn1Tag.sequence && inner.headerLength + inner.valueLength === value.length)
    return value;
  if (value.length > 0xffff) throw new Failure('card-malformed', { detail: 'an oversized certificate' });
  return encodeTlv(Asn1Tag.sequence, value);
}
