import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { ana } from '../../../electron/sandbox/people.ts';
import type { SandboxAuthority } from '../../../electron/sandbox/pki/authority.ts';

const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });

/** A holder's certificate in the forms that tests need. */
export interface Holder {
  readonly der: Uint8Array;
  readonly pem: string;
  /** Hexadecimal. */
  readonly serialNumber: string;
}

/** Issues a signature certificate for Ana. */
export async function issueHolder(
  authority: SandboxAuthority,
  validity: { readonly notBefore?: Date; readonly notAfter?: Date } = {},
): Promise<Holder> {
  const der = await authority.issueHolder({ person: ana, publicKey, role: 'signature', ...validity });
  const certificate = new X509Certificate(der);
  return { der, pem: certificate.toString(), serialNumber: certificate.serialNumber };
}

/** Sends a body and reads the answer. */
export async function post(
  url: string,
  contentType: string,
  body: Uint8Array,
): Promise<{ readonly status: number; readonly type: string | null; readonly bytes: Uint8Array }> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': contentType },
    body: Uint8Array.from(body),
  });
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    bytes: new Uint8Array(await response.arrayBuffer()),
  };
}

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
