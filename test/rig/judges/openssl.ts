import { askJudge, askJudgeToAccept } from './judge.ts';

const program = 'openssl';

export interface SignatureClaim {
  /** The signer's certificate in PEM, or its public key in PEM. */
  readonly signer: string;
  readonly digest: 'sha1' | 'sha256' | 'sha384' | 'sha512';
  /** Default: PKCS #1 v1.5 for RSA keys, ECDSA (DER) for EC keys. */
  readonly padding?: 'pss';
  readonly signature: Uint8Array;
}

/** Whether openssl accepts a signature over a message (which it hashes itself). */
export async function verifiesMessage(claim: SignatureClaim, message: Uint8Array): Promise<boolean> {
  const pss = ['-sigopt', 'rsa_padding_mode:pss', '-sigopt', 'rsa_pss_saltlen:digest'];
  const verdict = await askJudge(
    program,
    [
      ...['dgst', `-${claim.digest}`, '-verify', 'key', '-signature', 'signature'],
      ...(claim.padding === 'pss' ? pss : []),
      'message',
    ],
    { files: { key: await publicKeyOf(claim.signer), signature: claim.signature, message } },
  );
  return verdict.exitCode === 0 && verdict.text.includes('Verified OK');
}

/** Whether openssl accepts a signature over a digest. */
export async function verifiesDigest(claim: SignatureClaim, digest: Uint8Array): Promise<boolean> {
  const pss = ['-pkeyopt', 'rsa_padding_mode:pss', '-pkeyopt', 'rsa_pss_saltlen:digest'];
  const verdict = await askJudge(
    program,
    [
      ...['pkeyutl', '-verify', '-pubin', '-inkey', 'key', '-sigfile', 'signature', '-in', 'digest'],
      ...['-pkeyopt', `digest:${claim.digest}`],
      ...(claim.padding === 'pss' ? pss : []),
    ],
    { files: { key: await publicKeyOf(claim.signer), signature: claim.signature, digest } },
  );
  return verdict.exitCode === 0 && verdict.text.includes('Signature Verified Successfully');
}

/** The public key (PEM) of a certificate (PEM); a public key is returned as it is. */
export async function publicKeyOf(signer: string): Promise<string> {
  if (!signer.includes('BEGIN CERTIFICATE')) return signer;
  const options = ['x509', '-in', 'certificate', '-noout', '-pubkey'];
  return (await askJudgeToAccept(program, options, { files: { certificate: signer } })).text;
}

/** A certificate in words (`openssl x509 -text`), from PEM or DER. */
export async function certificateText(certificate: string | Uint8Array): Promise<string> {
  const form = typeof certificate === 'string' ? 'PEM' : 'DER';
  const options = [
    'x509',
    '-inform',
    form,
    '-in',
    'certificate',
    '-noout',
    '-text',
    '-nameopt',
    'RFC2253,utf8',
  ];
  return (await askJudgeToAccept(program, options, { files: { certificate } })).text;
}

export interface ChainClaim {
  /** The end entity, PEM. */
  readonly leaf: string;
  readonly roots: readonly string[];
  readonly intermediates?: readonly string[];
  /** The moment to judge at; default now. */
  readonly at?: Date;
  /** More options of `openssl verify`, such as `-x509_strict`. */
  readonly options?: readonly string[];
}

/** What `openssl verify` says about a chain: undefined when it holds, else its words. */
export async function chainFault(claim: ChainClaim): Promise<string | undefined> {
  const at = claim.at ? ['-attime', String(Math.floor(claim.at.getTime() / 1000))] : [];
  const untrusted = claim.intermediates?.length ? ['-untrusted', 'intermediates'] : [];
  const verdict = await askJudge(
    program,
    [
      ...['verify', '-no-CApath', '-no-CAstore', '-CAfile', 'roots'],
      ...untrusted,
      ...at,
      ...(claim.options ?? []),
      'leaf',
    ],
    {
      files: {
        leaf: claim.leaf,
        roots: claim.roots.join('\n'),
        intermediates: (claim.intermediates ?? []).join('\n'),
      },
    },
  );
  return verdict.exitCode === 0 ? undefined : `${verdict.errorText}${verdict.text}`.trim();
}

/**
 * What `openssl cms -verify -cades` says against a detached CMS; undefined when it accepts it. It checks chain, ESS
 * certificate hash and signature, not that the attributes are in DER.
 */
export async function cmsFault(
  cms: Uint8Array,
  content: Uint8Array,
  roots: readonly string[],
): Promise<string | undefined> {
  const verdict = await askJudge(
    program,
    [
      ...['cms', '-verify', '-cades', '-binary', '-inform', 'DER', '-in', 'cms', '-content', 'content'],
      ...['-no-CApath', '-no-CAstore', '-CAfile', 'roots', '-purpose', 'any', '-out', 'verified'],
    ],
    { files: { cms, content, roots: roots.join('\n') } },
  );
  return verdict.exitCode === 0 && verdict.errorText.includes('CAdES Verification successful')
    ? undefined
    : `${verdict.errorText}${verdict.text}`.trim();
}
