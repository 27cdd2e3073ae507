import { Failure } from '../../contract/failures/failure.ts';
import type { SecretBytes } from '../../contract/pin/secret-bytes.ts';
import type { CardChannel } from '../card/channel.ts';
import { Iso7816 } from '../card/iso7816.ts';
import { digestInfo, digestLength } from './digest-info.ts';
import { encodePss } from './emsa-pss.ts';
import type {
  IdentityToken,
  PinOptions,
  PinTries,
  SignatureAlgorithm,
  TokenCertificate,
  TokenPin,
  TokenSource,
} from './identity-token.ts';
import { signatureLength } from './key-algorithms.ts';
import { type EntryAtReader, PinActs, type PresentedSecrets } from './pin-acts.ts';
import { PadEntry } from './pin-pad/pad-entry.ts';
import type { PinPad } from './pin-pad/pin-pad.ts';
import { checkNew, checkPresented, type PinRules } from './pin-policy.ts';
import { checkedSignature } from './signature-check.ts';
import type { ModelCertificate, ModelKey, ModelPin, SigningWay, TokenModel } from './token-model.ts';

/** An identity card described by its own PKCS#15 data or by a profile. */
export class CardToken implements IdentityToken {
  readonly source: TokenSource;
  readonly label: string;
  readonly serial: string;
  readonly simulated: boolean;
  readonly certificates: readonly TokenCertificate[];
  readonly #model: TokenModel;
  readonly #acts: PinActs;
  readonly #pad: PadEntry | undefined;

  /** @param pad the reader's keys; where they can take a PIN, nothing is typed here and codes are not looked at */
  constructor(channel: CardChannel, model: TokenModel, card: Iso7816 = new Iso7816(channel), pad?: PinPad) {
    this.#model = model;
    this.#pad = pad && new PadEntry(pad, model.pins);
    this.#acts = new PinActs(channel, card, model);
    this.source = model.source;
    this.label = model.label;
    this.serial = model.serial;
    this.simulated = model.simulated;
    this.certificates = model.certificates.map((certificate) => tokenCertificate(certificate, model));
  }

  async pins(): Promise<readonly TokenPin[]> {
    const named = this.#model.pins.filter((pin) => pin.name !== undefined);
    const tries = await this.#acts.tries(named);
    return named
      .map((pin) => ({
        ...tokenPin(pin, tries.get(pin.id) ?? 'unknown', this.#acts.isTransport(pin)),
        ...this.#typedAtReader(pin),
      }))
      .sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
  }

  async verify(name: 'PIN1' | 'PIN2', code: SecretBytes, options: PinOptions = {}): Promise<void> {
    const pin = this.#pin(name);
    this.#refuseTransport(pin);
    const steps = pin.verify ?? unsupported('VERIFY');
    await this.#acts.present(pin, steps, this.#presented(pin, code), options);
  }

  async change(
    name: 'PIN1' | 'PIN2',
    oldCode: SecretBytes,
    newCode: SecretBytes,
    options: PinOptions = {},
  ): Promise<void> {
    const pin = this.#pin(name);
    const steps = pin.change;
    if (!steps) throw new Failure('pin-not-changeable', { parameters: { pin: name } });
    if (this.#pad?.changes(pin)) {
      await this.#acts.present(pin, steps, { entry: this.#pad, replaces: pin }, options);
      return;
    }
    checkPresented({ ...rulesOf(pin), transport: this.#acts.isTransport(pin) }, oldCode);
    checkNew(rulesOf(pin), newCode, oldCode);
    await this.#acts.present(pin, steps, { current: oldCode, replacement: newCode, replaces: pin }, options);
  }

  async unblock(
    name: 'PIN1' | 'PIN2',
    puk: SecretBytes,
    newCode: SecretBytes,
    options: PinOptions = {},
  ): Promise<void> {
    const pin = this.#pin(name);
    const unblocker = this.#model.pins.find((candidate) => candidate.id === pin.puk);
    if (!unblocker || !pin.unblock) throw new Failure('pin-not-unblockable', { parameters: { pin: name } });
    if (this.#pad?.unblocks(pin, unblocker)) {
      await this.#acts.present(unblocker, pin.unblock, { entry: this.#pad, replaces: pin }, options);
      return;
    }
    checkPresented(rulesOf(unblocker), puk);
    checkNew(rulesOf(pin), newCode);
    const secrets = { current: puk, replacement: newCode, replaces: pin };
    await this.#acts.present(unblocker, pin.unblock, secrets, options);
  }

  algorithms(certificateId: string): readonly SignatureAlgorithm[] {
    return (this.#certificate(certificateId)?.key?.ways ?? []).map(({ algorithm }) => algorithm);
  }

  async sign(
    certificateId: string,
    algorithm: SignatureAlgorithm,
    digest: Uint8Array,
    code: SecretBytes,
    options: PinOptions = {},
  ): Promise<Uint8Array> {
    const certificate = this.#certificate(certificateId);
    const key = certificate?.key;
    if (!certificate || !key) throw new Failure('card-no-such-key');
    const way = key.ways.find((candidate) => sameAlgorithm(candidate.algorithm, algorithm));
    if (!way) {
      throw new Failure('algorithm-unsupported', { parameters: { algorithm: algorithmName(algorithm) } });
    }
    const expected = digestLength[algorithm.hash];
    if (digest.length !== expected) {
      throw new Failure('digest-length', { parameters: { length: digest.length, expected } });
    }
    const answer = await this.#signature(key, way, Uint8Array.from(digest), code, options);
    return checkedSignature(answer, algorithm, digest, certificate.facts.x509.publicKey, key.shape);
  }

  close(): Promise<void> {
    return this.#acts.close();
  }

  async #signature(
    key: ModelKey,
    { algorithm, steps, reference }: SigningWay,
    digest: Uint8Array,
    code: SecretBytes,
    options: PinOptions,
  ): Promise<Uint8Array> {
    const { kind, hash } = algorithm;
    const signing = {
      digest,
      digestInfo: kind === 'rsa-pkcs1' ? digestInfo(hash, digest) : undefined,
      emsaPss:
        kind === 'rsa-pss' && key.shape.kind === 'rsa' ? encodePss(hash, digest, key.shape.bits) : undefined,
      algorithmReference: reference,
      // A card may answer ECDSA in DER, which is longer; 256 is what a short Le asks for.
      length: Math.max(256, signatureLength(key.shape)),
    };
    const pin = this.#model.pins.find((candidate) => candidate.id === key.pin);
    if (!pin) return this.#acts.withoutPin(steps, { signing });
    this.#refuseTransport(pin);
    return this.#acts.present(pin, steps, this.#presented(pin, code), options, signing);
  }

  /** What VERIFY is given: the reader's keys, or the code, once it is known that it can be right. */
  #presented(pin: ModelPin, code: SecretBytes): PresentedSecrets | EntryAtReader {
    if (this.#pad?.verifies(pin)) return { entry: this.#pad };
    checkPresented(rulesOf(pin), code);
    return { current: code };
  }

  #typedAtReader(pin: ModelPin): Partial<TokenPin> {
    const pad = this.#pad;
    if (!pad) return {};
    const puk = this.#model.pins.find((candidate) => candidate.id === pin.puk);
    return {
      typedAtReader: pad.verifies(pin),
      changedAtReader: pin.change !== undefined && pad.changes(pin),
      unblockedAtReader: pin.unblock !== undefined && puk !== undefined && pad.unblocks(pin, puk),
    };
  }

  #pin(name: 'PIN1' | 'PIN2'): ModelPin {
    const pin = this.#model.pins.find((candidate) => candidate.name === name);
    if (!pin) throw new Failure('pin-unknown-name', { parameters: { pin: name } });
    return pin;
  }

  #certificate(id: string): ModelCertificate | undefined {
    return this.#model.certificates.find((candidate) => candidate.id === id);
  }

  #refuseTransport(pin: ModelPin): void {
    if (!this.#acts.isTransport(pin)) return;
    throw new Failure('pin-change-first', { parameters: { pin: pin.name ?? pin.label } });
  }
}

const order: readonly TokenPin['name'][] = ['PIN1', 'PIN2', 'PUK'];
const roles = { PIN1: 'authentication', PIN2: 'signature', PUK: 'unblock' } as const;

function tokenPin(pin: ModelPin, tries: PinTries, changeFirst: boolean): TokenPin {
  const name = pin.name ?? 'PUK';
  return { name, role: roles[name], length: pin.length, tries, changeFirst };
}

function tokenCertificate(
  { id, role, label, facts, key }: ModelCertificate,
  model: TokenModel,
): TokenCertificate {
  const pin = model.pins.find((candidate) => candidate.id === key?.pin)?.name;
  return { id, role, label, der: facts.der, x509: facts.x509, hasKey: key !== undefined, pin };
}

function rulesOf({ name, label, length, digitsOnly }: ModelPin): PinRules {
  return { name: name ?? label, length, digitsOnly };
}

function sameAlgorithm(a: SignatureAlgorithm, b: SignatureAlgorithm): boolean {
  return a.kind === b.kind && a.hash === b.hash;
}

function algorithmName({ kind, hash }: SignatureAlgorithm): string {
  return `${kind} ${hash}`;
}

function unsupported(command: string): never {
  throw new Failure('card-refused', { detail: `nothing says how ${command} works on this card` });
}
