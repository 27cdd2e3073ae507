/**
 * Puts a support bundle together. Every value is chosen by name from what the engine knows; nothing is copied whole,
 * so that nothing has to be masked.
 */
import {
  type BundleCard,
  type BundleCheck,
  type BundleFailure,
  type BundleReader,
  type SupportBundle,
  supportBundleSchema,
} from '../../../contract/diagnostics/bundle.ts';
import type { Failure } from '../../../contract/failures/failure.ts';
import type { SessionState } from '../../../contract/model/status.ts';
import type { Language } from '../../../contract/text/languages.ts';
import type { ReaderInfo, ReadersSnapshot } from '../../readers/reader-service.ts';
import type { IdentityToken, TokenCertificate, TokenPin } from '../../token/identity-token.ts';
import type { ReaderIdentity } from './reader-identity.ts';
import type { BundleVersions } from './versions.ts';

/** Everything a bundle is made of. */
export interface BundleSources {
  readonly now: Date;
  readonly versions: BundleVersions;
  readonly language: Language | null;
  readonly simulated: boolean;
  readonly readers: ReadersSnapshot;
  readonly identify: (reader: ReaderInfo) => ReaderIdentity;
  readonly card: { readonly token: IdentityToken; readonly pins: readonly TokenPin[] } | null;
  readonly cardProblem: Failure | null;
  readonly session: SessionState;
  readonly checks: readonly BundleCheck[];
  readonly shortCode: string | null;
  readonly failures: readonly BundleFailure[];
  readonly traces: SupportBundle['traces'];
}

/** @throws ZodError when a source has something that the allow-list does not know: no bundle is better than a loose one */
export function makeBundle(sources: BundleSources): SupportBundle {
  const { readers } = sources;
  return supportBundleSchema.parse({
    format: 'buletin-support-bundle',
    version: 1,
    createdAt: sources.now.toISOString(),
    versions: sources.versions,
    language: sources.language,
    simulated: sources.simulated,
    service: { state: readers.service, failure: readers.failure?.code ?? null },
    readers: readers.readers.slice(0, 32).map((reader) => bundleReader(reader, sources.identify(reader))),
    card: sources.card && bundleCard(sources.card.token, sources.card.pins, sources.now),
    cardProblem: sources.cardProblem?.code ?? null,
    session: sources.session,
    checks: [...sources.checks],
    shortCode: sources.shortCode,
    failures: sources.failures.slice(-200),
    traces: sources.traces,
  } satisfies SupportBundle);
}

function bundleReader({ state, atr }: ReaderInfo, { kind, usb, pinPad }: ReaderIdentity): BundleReader {
  const whole = atr !== null && atr.length >= 2 && atr.length <= 33;
  return { kind, usb, state, atr: whole ? Buffer.from(atr).toString('hex').toUpperCase() : null, pinPad };
}

function bundleCard(token: IdentityToken, pins: readonly TokenPin[], now: Date): BundleCard {
  const source = token.source.split(':')[0];
  return {
    source: source === 'pkcs15' || source === 'pkcs11' ? source : 'profile',
    simulated: token.simulated,
    certificates: token.certificates.slice(0, 16).map((certificate) => bundleCertificate(certificate, now)),
    pins: pins.slice(0, 8).map(({ name, tries, changeFirst }) => ({ name, tries, changeFirst })),
  };
}

function bundleCertificate({ role, x509 }: TokenCertificate, now: Date): BundleCard['certificates'][number] {
  const { asymmetricKeyType, asymmetricKeyDetails } = x509.publicKey;
  const from = new Date(x509.validFrom);
  const to = new Date(x509.validTo);
  return {
    role,
    key: asymmetricKeyType === 'rsa' || asymmetricKeyType === 'rsa-pss' ? 'RSA' : 'EC',
    bits: asymmetricKeyDetails?.modulusLength ?? curveBits(asymmetricKeyDetails?.namedCurve),
    status: now < from ? 'not-yet-valid' : now > to ? 'expired' : 'valid',
    validUntil: to.toISOString().slice(0, 7),
  };
}

/** Size of a curve by its name: `prime256v1`, `secp384r1`, `brainpoolP512r1`; 1 where the name tells none. */
function curveBits(curve: string | undefined): number {
  const bits = Number(/(?:prime|secp|brainpoolP)(\d{3})/.exec(curve ?? '')?.[1]);
  return Number.isInteger(bits) && bits > 0 ? bits : 1;
}
