import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { PrivatePcscd } from '../pcscd.ts';
import { askJudge, askJudgeToAccept, JudgeError, type Verdict } from './judge.ts';
import { type ListedObject, parseListing } from './opensc-listing.ts';

const program = 'pkcs11-tool';

/** Where a PKCS#11 module of this file name lies on this system, or undefined. */
export function findModule(fileName: string): string | undefined {
  const libraries = '/usr/lib';
  const folders = [libraries, '/usr/lib64', '/usr/local/lib', join(libraries, 'softhsm')];
  for (const name of readdirSync(libraries)) {
    if (name.endsWith('-linux-gnu')) folders.push(join(libraries, name), join(libraries, name, 'softhsm'));
  }
  return folders
    .map((folder) => join(folder, fileName))
    .find((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
}

/** Which module to ask, and what it needs. */
export interface ModulePlace {
  /** Absent for modules that know no PC/SC (SoftHSM). */
  readonly pcscd?: PrivatePcscd;
  /** Path of the module; default opensc-pkcs11. */
  readonly module?: string;
  /** Such as SOFTHSM2_CONF. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** A token of a module: by slot index (0 is the first slot with OpenSC's numbering) or by token label. */
export interface TokenPlace extends ModulePlace {
  readonly slotIndex?: number;
  readonly tokenLabel?: string;
}

export interface SignRequest extends TokenPlace {
  readonly pin: string;
  /** CKA_ID in hexadecimal. */
  readonly id: string;
  /** As pkcs11-tool names it: `RSA-PKCS`, `SHA256-RSA-PKCS`, `RSA-PKCS-PSS`, `ECDSA`, `ECDSA-SHA384`. */
  readonly mechanism: string;
  /** What the mechanism signs: DigestInfo, digest or message. */
  readonly data: Uint8Array;
  /** For RSA-PKCS-PSS over a digest: `SHA256` and so on. */
  readonly pssDigest?: string;
  /** ECDSA signatures: `rs` (r and s side by side) or `openssl` (DER, the default here). */
  readonly ecdsaFormat?: 'rs' | 'openssl';
}

/** Slots with their tokens, as text. */
export async function listSlots(place: ModulePlace): Promise<string> {
  return (await askJudgeToAccept(program, [...moduleOptions(place), '--list-slots'], place)).text;
}

/** Objects of a token; private ones too when a PIN is given. */
export async function listObjects(place: TokenPlace, pin?: string): Promise<ListedObject[]> {
  const login = pin === undefined ? [] : ['--login', '--pin', 'env:JUDGE_PIN'];
  const verdict = await askJudgeToAccept(program, [...tokenOptions(place), '--list-objects', ...login], {
    ...place,
    ...(pin === undefined ? {} : { secrets: { JUDGE_PIN: pin } }),
  });
  return parseListing(verdict.text);
}

/** C_Login without a PIN: the person types it at the reader (CKF_PROTECTED_AUTHENTICATION_PATH). */
export async function logInAtReader(place: TokenPlace): Promise<Verdict> {
  return callModule(place, ['--login', '--list-objects', '--type', 'privkey']);
}

/** C_Sign, and the signature that came out. @throws JudgeError when the token or the module refuses. */
export async function sign(request: SignRequest): Promise<Uint8Array> {
  const pss = request.pssDigest
    ? ['--hash-algorithm', request.pssDigest, '--mgf', `MGF1-${request.pssDigest}`]
    : [];
  const ecdsa = request.mechanism.startsWith('ECDSA')
    ? ['--signature-format', request.ecdsaFormat ?? 'openssl']
    : [];
  const verdict = await askJudgeToAccept(
    program,
    [
      ...tokenOptions(request),
      ...[
        '--sign',
        '--login',
        '--pin',
        'env:JUDGE_PIN',
        '--id',
        request.id,
        '--mechanism',
        request.mechanism,
      ],
      ...pss,
      ...ecdsa,
      ...['--input-file', 'data', '--output-file', 'signature'],
    ],
    {
      ...request,
      secrets: { JUDGE_PIN: request.pin },
      files: { data: request.data },
      produces: 'signature',
    },
  );
  if (verdict.produced.length === 0) throw new JudgeError(`pkcs11-tool signed nothing: ${verdict.errorText}`);
  return new Uint8Array(verdict.produced);
}

/** `pkcs11-tool --test --login`: exercises everything the token offers. It skips EC keys. */
export function testToken(place: TokenPlace, pin: string): Promise<Verdict> {
  return askJudge(program, [...tokenOptions(place), '--test', '--login', '--pin', 'env:JUDGE_PIN'], {
    ...place,
    secrets: { JUDGE_PIN: pin },
    timeoutMs: 60_000,
  });
}

/** Any other call of pkcs11-tool; `secrets` are environment variables for `env:NAME` arguments. */
export function callModule(
  place: TokenPlace,
  options: readonly string[],
  secrets: Readonly<Record<string, string>> = {},
): Promise<Verdict> {
  return askJudge(program, [...tokenOptions(place), ...options], { ...place, secrets });
}

function moduleOptions(place: ModulePlace): string[] {
  const module = place.module ?? findModule('opensc-pkcs11.so');
  if (!module) throw new JudgeError('opensc-pkcs11.so is not installed');
  return ['--module', module];
}

function tokenOptions(place: TokenPlace): string[] {
  return [
    ...moduleOptions(place),
    ...(place.slotIndex === undefined ? [] : ['--slot-index', String(place.slotIndex)]),
    ...(place.tokenLabel === undefined ? [] : ['--token-label', place.tokenLabel]),
  ];
}
