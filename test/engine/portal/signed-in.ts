import { generateKeyPairSync } from 'node:crypto';
import { SecretBytes } from '../../../electron/contract/pin/secret-bytes.ts';
import type { PortalSettings } from '../../../electron/contract/portal/settings.ts';
import { login } from '../../../electron/engine/portal/login.ts';
import type { PortalSession } from '../../../electron/engine/portal/session.ts';
import { ana, type SandboxPerson, sandboxPeople } from '../../../electron/sandbox/people.ts';
import { type HolderRequest, SandboxAuthority } from '../../../electron/sandbox/pki/authority.ts';
import { SandboxPortal, type SandboxPortalOptions } from '../../../electron/sandbox/portal/sandbox-portal.ts';
import { type FakeKey, FakeToken } from './fake-token.ts';

/** Bytes of a typed PIN. */
export const pinOf = (digits: string): SecretBytes => new SecretBytes(Buffer.from(digits));

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' });

/** A sandbox portal and everything to sign in to it with. */
export class PortalRig {
  readonly authority: SandboxAuthority;
  readonly portal: SandboxPortal;

  private constructor(authority: SandboxAuthority, portal: SandboxPortal) {
    this.authority = authority;
    this.portal = portal;
  }

  static async open(options: Partial<SandboxPortalOptions> = {}): Promise<PortalRig> {
    const authority = options.authority ?? (await SandboxAuthority.create());
    return new PortalRig(
      authority,
      await SandboxPortal.start({ people: sandboxPeople, ...options, authority }),
    );
  }

  /** Settings that lose patience sooner, so that tests of silence need not take ten seconds. */
  get impatient(): PortalSettings {
    return { ...this.portal.settings, timeouts: { connectMs: 5_000, silenceMs: 1_000, totalMs: 2_500 } };
  }

  async key(kind: 'rsa' | 'p384', request: Partial<HolderRequest> = {}): Promise<FakeKey> {
    const { publicKey, privateKey } = kind === 'rsa' ? rsa : p384;
    const role = request.role ?? 'authentication';
    const der = await this.authority.issueHolder({ person: ana, ...request, role, publicKey });
    return { id: role === 'authentication' ? '01' : '02', role, der, privateKey };
  }

  /** A card with an authentication certificate. */
  async token(person: SandboxPerson = ana): Promise<FakeToken> {
    return new FakeToken([await this.key('rsa', { person })]);
  }

  async signIn(person: SandboxPerson = ana, settings = this.portal.settings): Promise<PortalSession> {
    return login(settings, await this.token(person), '01', pinOf('1234'));
  }

  close(): Promise<void> {
    return this.portal.stop();
  }
}

/** Code and parameters of the failure that work ends with. */
export async function failureOf(work: Promise<unknown>): Promise<{ code: string; parameters: unknown }> {
  try {
    await work;
  } catch (thrown) {
    const { code, parameters, message } = thrown as { code?: string; parameters?: unknown; message: string };
    return { code: code ?? `no failure: ${message}`, parameters };
  }
  return { code: 'none', parameters: {} };
}
