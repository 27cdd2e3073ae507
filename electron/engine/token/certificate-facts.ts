import { X509Certificate } from 'node:crypto';
import { AsnArray, AsnConvert, AsnProp, AsnPropTypes, AsnType, AsnTypeTypes } from '@peculiar/asn1-schema';
import {
  BasicConstraints,
  Certificate,
  ExtendedKeyUsage,
  id_ce_basicConstraints,
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  KeyUsage,
  KeyUsageFlags,
  type Name,
} from '@peculiar/asn1-x509';
import { Failure } from '../../contract/failures/failure.ts';
import { type Idnp, idnpOfSerialNumber } from '../../contract/idnp.ts';

/** The longest certificate that is taken from a card, in bytes; one with an RSA-4096 key has about 2,500. */
export const maximumCertificateLength = 16_384;

/** Object identifiers of ETSI EN 319 412-5 (QCStatements). */
export const QcStatementId = {
  compliance: '0.4.0.1862.1.1',
  sscd: '0.4.0.1862.1.4',
  type: '0.4.0.1862.1.6',
  typeEsign: '0.4.0.1862.1.6.1',
} as const;

const id_pe_qcStatements = '1.3.6.1.5.5.7.1.3';
const maximumExtensions = 64;
const maximumQcLength = 4096;

/** The parts of a holder's subject that the project uses; null when absent, or given more than once. */
export interface CertificateSubject {
  readonly commonName: string | null;
  readonly givenName: string | null;
  readonly surname: string | null;
  /** X.520 serialNumber (2.5.4.5): the person's number, not the certificate's serial number. */
  readonly serialNumber: string | null;
  /** The IDNP in `serialNumber`; null when that is another kind of number. */
  readonly idnp: Idnp | null;
}

/** What a certificate says about itself (RFC 5280), as far as roles and names need it. */
export interface CertificateFacts {
  readonly der: Uint8Array;
  readonly x509: X509Certificate;
  readonly subject: CertificateSubject;
  /** The bits of KeyUsage (RFC 5280 4.2.1.3), or undefined when the extension is absent. */
  readonly keyUsage: { readonly digitalSignature: boolean; readonly nonRepudiation: boolean } | undefined;
  /** Object identifiers of ExtendedKeyUsage; empty when absent. */
  readonly extendedKeyUsage: readonly string[];
  /** Statement ids of QCStatements, and beside `type` the ids of the types named in it. */
  readonly qcStatements: readonly string[];
  readonly isAuthority: boolean;
}

class QcStatement {
  statementId = '';
  statementInfo?: ArrayBuffer;
}
AsnProp({ type: AsnPropTypes.ObjectIdentifier })(QcStatement.prototype, 'statementId');
AsnProp({ type: AsnPropTypes.Any, optional: true })(QcStatement.prototype, 'statementInfo');

class QcStatements extends AsnArray<QcStatement> {}
AsnType({ type: AsnTypeTypes.Sequence, itemType: QcStatement })(QcStatements);

class QcType extends AsnArray<string> {}
AsnType({ type: AsnTypeTypes.Sequence, itemType: AsnPropTypes.ObjectIdentifier })(QcType);

/**
 * Reads one DER certificate from a card.
 * @throws Failure `card-malformed` when it is none, longer than 16,384 bytes, or has more than 64 extensions.
 */
export function readCertificate(der: Uint8Array): CertificateFacts {
  if (der.length > maximumCertificateLength) {
    throw new Failure('card-malformed', { detail: `certificate of ${der.length} bytes` });
  }
  try {
    // OpenSSL first: it bounds nesting and refuses what is no certificate.
    const x509 = new X509Certificate(der);
    refuseUnreadable(x509);
    const certificate = AsnConvert.parse(der, Certificate);
    return { der, x509, ...factsOf(certificate) };
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure('card-malformed', { detail: 'a certificate could not be read', cause: error });
  }
}

/** Node decodes key and dates only when they are asked for: what would throw later is refused here. */
function refuseUnreadable({ publicKey, validFromDate, validToDate }: X509Certificate): void {
  const times = [validFromDate.getTime(), validToDate.getTime()];
  if (publicKey.asymmetricKeyType === undefined || times.some(Number.isNaN)) {
    throw new Failure('card-malformed', { detail: 'a certificate without key or dates' });
  }
}

function factsOf(certificate: Certificate): Omit<CertificateFacts, 'der' | 'x509'> {
  const extensions = certificate.tbsCertificate.extensions ?? [];
  if (extensions.length > maximumExtensions) {
    throw new Failure('card-malformed', { detail: `certificate with ${extensions.length} extensions` });
  }
  const value = (id: string): ArrayBuffer | undefined =>
    extensions.find((extension) => extension.extnID === id)?.extnValue.buffer;

  const usage = value(id_ce_keyUsage);
  const flags = usage === undefined ? undefined : AsnConvert.parse(usage, KeyUsage).toNumber();
  const extended = value(id_ce_extKeyUsage);
  const constraints = value(id_ce_basicConstraints);
  return {
    subject: subjectOf(certificate.tbsCertificate.subject),
    keyUsage:
      flags === undefined
        ? undefined
        : {
            digitalSignature: (flags & KeyUsageFlags.digitalSignature) !== 0,
            nonRepudiation: (flags & KeyUsageFlags.nonRepudiation) !== 0,
          },
    extendedKeyUsage: extended === undefined ? [] : [...AsnConvert.parse(extended, ExtendedKeyUsage)],
    qcStatements: qcStatementsOf(value(id_pe_qcStatements)),
    isAuthority: constraints !== undefined && AsnConvert.parse(constraints, BasicConstraints).cA === true,
  };
}

function qcStatementsOf(extension: ArrayBuffer | undefined): string[] {
  if (extension === undefined) return [];
  if (extension.byteLength > maximumQcLength) {
    throw new Failure('card-malformed', { detail: `QCStatements of ${extension.byteLength} bytes` });
  }
  const found: string[] = [];
  for (const statement of AsnConvert.parse(extension, QcStatements)) {
    found.push(statement.statementId);
    if (statement.statementId === QcStatementId.type && statement.statementInfo !== undefined) {
      found.push(...AsnConvert.parse(statement.statementInfo, QcType));
    }
  }
  return found;
}

function subjectOf(name: Name): CertificateSubject {
  const attributes = new Map<string, string[]>();
  for (const relative of name) {
    for (const attribute of relative) {
      const values = attributes.get(attribute.type) ?? [];
      values.push(attribute.value.toString());
      attributes.set(attribute.type, values);
    }
  }
  // An attribute given twice could show one person to us and another to a portal: it counts as absent.
  const only = (type: string): string | null => {
    const values = attributes.get(type) ?? [];
    return values.length === 1 ? (values[0] ?? null) : null;
  };
  const serialNumber = only('2.5.4.5');
  return {
    commonName: only('2.5.4.3'),
    givenName: only('2.5.4.42'),
    surname: only('2.5.4.4'),
    serialNumber,
    idnp: serialNumber === null ? null : idnpOfSerialNumber(serialNumber),
  };
}
