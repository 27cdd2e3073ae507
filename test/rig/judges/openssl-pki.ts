import { askJudge, askJudgeToAccept } from './judge.ts';

/** `openssl` on what authorities publish: OCSP responses, revocation lists, time stamps. */
const program = 'openssl';

export interface OcspClaim {
  /** The CA, PEM. */
  readonly issuer: string;
  /** Certificates to ask about, PEM. */
  readonly certificates?: readonly string[];
  /** Serial numbers to ask about, hexadecimal. */
  readonly serials?: readonly string[];
  /** Trusted roots, and the CAs below them, PEM. */
  readonly roots: readonly string[];
  readonly intermediates?: readonly string[];
  /** Where to ask; or `response`, an answer in DER that is judged without asking. */
  readonly url?: string;
  readonly response?: Uint8Array;
  /** Hash of the CertIDs; default SHA-1. */
  readonly hash?: 'sha1' | 'sha256' | 'sha384' | 'sha512';
  /** More options, such as `-no_nonce`. */
  readonly options?: readonly string[];
}

export interface OcspVerdict {
  /** Signature, responder and times are right, and the nonce came back. */
  readonly accepted: boolean;
  /** `good`, `unknown`, `revoked` or `revoked: REASON`, in the order asked. */
  readonly statuses: readonly string[];
  readonly text: string;
}

/** What `openssl ocsp` gets from a responder and thinks of it. */
export async function ocspVerdict(claim: OcspClaim): Promise<OcspVerdict> {
  const certificates = claim.certificates ?? [];
  const verdict = await askJudge(
    program,
    [
      'ocsp',
      // The hash applies to the certificates named after it.
      ...(claim.hash ? [`-${claim.hash}`] : []),
      ...['-issuer', 'issuer', '-CAfile', 'roots', '-no-CApath', '-no-CAstore'],
      ...(claim.intermediates?.length ? ['-verify_other', 'intermediates'] : []),
      ...certificates.flatMap((_, index) => ['-cert', `leaf${index}`]),
      ...(claim.serials ?? []).flatMap((serial) => ['-serial', `0x${serial}`]),
      ...(claim.url ? ['-url', claim.url] : []),
      ...(claim.response ? ['-respin', 'response'] : []),
      ...(claim.options ?? []),
    ],
    {
      files: {
        issuer: claim.issuer,
        roots: claim.roots.join('\n'),
        intermediates: (claim.intermediates ?? []).join('\n'),
        response: claim.response ?? '',
        ...Object.fromEntries(certificates.map((pem, index) => [`leaf${index}`, pem])),
      },
    },
  );
  const text = `${verdict.errorText}${verdict.text}`;
  const statuses = [...text.matchAll(/^(?:leaf\d+|0x[0-9A-Fa-f]+): (\w+)((?:\n\t.*)*)/gm)].map(
    ([, status, details]) => {
      const reason = /Reason: (\w+)/.exec(details ?? '')?.[1];
      return reason === undefined ? (status ?? '') : `${status}: ${reason}`;
    },
  );
  const accepted =
    verdict.exitCode === 0 && /Response verify OK/.test(text) && !/WARNING|Nonce Verify error/.test(text);
  return { accepted, statuses, text };
}

/** An OCSP request made by `openssl ocsp`, DER. */
export async function ocspRequest(
  claim: Pick<OcspClaim, 'issuer' | 'certificates' | 'serials' | 'hash'> & { readonly nonce: boolean },
): Promise<Uint8Array> {
  const certificates = claim.certificates ?? [];
  const verdict = await askJudgeToAccept(
    program,
    [
      'ocsp',
      ...(claim.hash ? [`-${claim.hash}`] : []),
      ...['-issuer', 'issuer', '-reqout', 'request', claim.nonce ? '-nonce' : '-no_nonce'],
      ...certificates.flatMap((_, index) => ['-cert', `leaf${index}`]),
      ...(claim.serials ?? []).flatMap((serial) => ['-serial', `0x${serial}`]),
    ],
    {
      files: {
        issuer: claim.issuer,
        ...Object.fromEntries(certificates.map((pem, index) => [`leaf${index}`, pem])),
      },
      produces: 'request',
    },
  );
  return verdict.produced;
}

/**
 * A revocation list in words, checked against the CA that should have signed it (PEM).
 * @returns `verified`: whether the CA did
 */
export async function revocationListText(
  list: Uint8Array,
  ca: string,
): Promise<{ readonly verified: boolean; readonly text: string }> {
  const verdict = await askJudgeToAccept(
    program,
    ['crl', '-inform', 'DER', '-in', 'list', '-noout', '-text', '-CAfile', 'ca', '-no-CApath', '-no-CAstore'],
    { files: { list, ca } },
  );
  return { verified: /verify OK/.test(verdict.errorText), text: verdict.text };
}

/** A revocation list, DER, as PEM. */
export async function revocationListPem(list: Uint8Array): Promise<string> {
  const options = ['crl', '-inform', 'DER', '-in', 'list'];
  return (await askJudgeToAccept(program, options, { files: { list } })).text;
}

/** DER in words, as `openssl asn1parse` prints it. */
export async function asn1Text(der: Uint8Array): Promise<string> {
  const options = ['asn1parse', '-inform', 'DER', '-in', 'der'];
  return (await askJudgeToAccept(program, options, { files: { der } })).text;
}

/** A time-stamp request for some data, made by `openssl ts -query`, DER. */
export async function timestampQuery(
  data: Uint8Array,
  options: readonly string[] = ['-sha256', '-cert'],
): Promise<Uint8Array> {
  const verdict = await askJudgeToAccept(
    program,
    ['ts', '-query', '-data', 'data', ...options, '-out', 'query'],
    { files: { data }, produces: 'query' },
  );
  return verdict.produced;
}

export interface TimestampClaim {
  /** TimeStampResp, DER. */
  readonly reply: Uint8Array;
  /** What it has to fit: the data, or the request that was sent. */
  readonly data?: Uint8Array;
  readonly query?: Uint8Array;
  readonly roots: readonly string[];
  /** The authority's certificate (PEM) where the time stamp does not carry it. */
  readonly untrusted?: string;
}

/** What `openssl ts -verify` finds wrong with a time stamp; undefined when nothing. */
export async function timestampFault(claim: TimestampClaim): Promise<string | undefined> {
  const verdict = await askJudge(
    program,
    [
      ...['ts', '-verify', '-in', 'reply', '-CAfile', 'roots'],
      ...(claim.query ? ['-queryfile', 'query'] : ['-data', 'data']),
      ...(claim.untrusted ? ['-untrusted', 'untrusted'] : []),
    ],
    {
      files: {
        reply: claim.reply,
        query: claim.query ?? '',
        data: claim.data ?? '',
        roots: claim.roots.join('\n'),
        untrusted: claim.untrusted ?? '',
      },
    },
  );
  if (verdict.exitCode === 0 && /Verification: OK/.test(verdict.text)) return undefined;
  return `${verdict.errorText}${verdict.text}`.trim();
}

/** A TimeStampResp in words (`openssl ts -reply -text`). */
export async function timestampText(reply: Uint8Array): Promise<string> {
  const options = ['ts', '-reply', '-in', 'reply', '-text'];
  return (await askJudgeToAccept(program, options, { files: { reply } })).text;
}

/** The time-stamp token (CMS, DER) of a TimeStampResp. */
export async function timestampToken(reply: Uint8Array): Promise<Uint8Array> {
  const options = ['ts', '-reply', '-in', 'reply', '-token_out', '-out', 'token'];
  return (await askJudgeToAccept(program, options, { files: { reply }, produces: 'token' })).produced;
}

/** The certificates that a CMS object carries, PEM. */
export async function certificatesIn(cms: Uint8Array): Promise<string[]> {
  const options = ['pkcs7', '-inform', 'DER', '-in', 'cms', '-print_certs'];
  const { text } = await askJudgeToAccept(program, options, { files: { cms } });
  return text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n/g) ?? [];
}
