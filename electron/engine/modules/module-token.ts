import { Failure } from '../../contract/failures/failure.ts';
import type { SecretBytes } from '../../contract/pin/secret-bytes.ts';
import { digestInfo, digestLength } from '../token/digest-info.ts';
import type {
  IdentityToken,
  PinOptions,
  PinTries,
  SignatureAlgorithm,
  TokenCertificate,
  TokenPin,
  TokenSource,
} from '../token/identity-token.ts';
import { checkNew, checkPresented, type PinRules } from '../token/pin-policy.ts';
import { checkedSignature } from '../token/signature-check.ts';
import { HostTrouble } from './host-process.ts';
import type { TokenState } from './messages.ts';
import type { ModuleCard } from './module-cards.ts';
import { type Act, callFailure } from './module-failures.ts';
import type { ModuleHost, TokenPlace } from './module-host.ts';
import { type ModuleKey, type ModulePin, type ModuleTokenModel, modelOf } from './token-model.ts';

/**
 * An identity card that a PKCS#11 module speaks for. It may be one token with one PIN for everything, or one token
 * for each PIN. Belongs to one listing of the module: when the card goes or the module is started anew, it is
 * refused with `card-changed`, before a PIN is sent.
 *
 * Tries are known as far as the flags of `CK_TOKEN_INFO` tell: low, last, blocked.
 */
export class ModuleToken implements IdentityToken {
  readonly source: TokenSource;
  readonly label: string;
  readonly serial: string;
  readonly simulated: boolean;
  readonly certificates: readonly TokenCertificate[];
  readonly #host: ModuleHost;
  readonly #model: ModuleTokenModel;
  readonly #run: number;

  /** @throws Failure `card-malformed` */
  constructor(host: ModuleHost, card: ModuleCard) {
    this.#host = host;
    this.#run = card.run;
    this.#model = modelOf(card);
    this.source = `pkcs11:${host.name}`;
    this.label = this.#model.label;
    this.serial = this.#model.serial;
    this.simulated = this.#model.simulated;
    this.certificates = this.#model.certificates.map(({ id, role, label, facts, key }) => ({
      id,
      role,
      label,
      der: facts.der,
      x509: facts.x509,
      hasKey: key !== undefined,
      pin: key?.pin?.name,
    }));
  }

  async pins(): Promise<readonly TokenPin[]> {
    const { pins } = this.#model;
    const states = await this.#host.tokens(pins.map((pin) => this.#place(pin)));
    const listed = pins.flatMap((pin, at): TokenPin[] => {
      const state = states[at];
      return state ? [tokenPin(pin, state)] : [];
    });
    const [first] = pins;
    const puk = first && states[0] && this.#host.choice.puk ? [pukOf(first, states[0])] : [];
    return [...listed.sort((a, b) => a.name.localeCompare(b.name)), ...puk];
  }

  async verify(name: 'PIN1' | 'PIN2', code: SecretBytes, options: PinOptions = {}): Promise<void> {
    const pin = this.#pin(name);
    const state = await this.#ready(pin, name, code, options);
    if (state.pin.toBeChanged) throw new Failure('pin-change-first', { parameters: { pin: name } });
    await this.#host.verify(this.#place(pin), act('verify', pin), typed(state, code));
  }

  async change(
    name: 'PIN1' | 'PIN2',
    oldCode: SecretBytes,
    newCode: SecretBytes,
    options: PinOptions = {},
  ): Promise<void> {
    const pin = this.#pin(name);
    if (!pin.token.protectedPath) checkNew(rulesOf(pin), newCode, oldCode);
    const state = await this.#ready(pin, name, oldCode, options);
    const codes = [typed(state, oldCode), typed(state, newCode)] as const;
    await this.#host.change(this.#place(pin), act('change', pin), ...codes);
  }

  async unblock(
    name: 'PIN1' | 'PIN2',
    puk: SecretBytes,
    newCode: SecretBytes,
    options: PinOptions = {},
  ): Promise<void> {
    const pin = this.#pin(name);
    // Whether a module takes the PUK as the security officer's PIN nothing tells: trying would cost a try.
    if (!this.#host.choice.puk) throw new Failure('pin-not-unblockable', { parameters: { pin: name } });
    if (!pin.token.protectedPath) checkNew(rulesOf(pin), newCode);
    const state = await this.#ready(pin, 'PUK', puk, options);
    const codes = [typed(state, puk), typed(state, newCode)] as const;
    await this.#host.unblock(this.#place(pin), { ...act('unblock', pin), pin: 'PUK' }, ...codes);
  }

  algorithms(certificateId: string): readonly SignatureAlgorithm[] {
    return this.#key(certificateId)?.algorithms ?? [];
  }

  async sign(
    certificateId: string,
    algorithm: SignatureAlgorithm,
    digest: Uint8Array,
    code: SecretBytes,
    options: PinOptions = {},
  ): Promise<Uint8Array> {
    const certificate = this.#model.certificates.find(({ id }) => id === certificateId);
    const key = certificate?.key;
    if (!certificate || !key) throw new Failure('card-no-such-key');
    const { kind, hash } = algorithm;
    if (!key.algorithms.some((one) => one.kind === kind && one.hash === hash)) {
      throw new Failure('algorithm-unsupported', { parameters: { algorithm: `${kind} ${hash}` } });
    }
    const expected = digestLength[hash];
    if (digest.length !== expected) {
      throw new Failure('digest-length', { parameters: { length: digest.length, expected } });
    }
    const signing = { key: key.id, mechanism: kind, hash, data: toBeSigned(algorithm, digest, key) };
    const answer = await this.#signature(key, signing, code, options);
    return checkedSignature(answer, algorithm, digest, certificate.facts.x509.publicKey, key.shape);
  }

  /** Nothing is held between calls: each has a session of its own. */
  async close(): Promise<void> {}

  async #signature(
    key: ModuleKey,
    signing: Omit<Parameters<ModuleHost['sign']>[2], 'free'>,
    code: SecretBytes,
    options: PinOptions,
  ): Promise<Uint8Array> {
    const { pin } = key;
    if (!pin) {
      const request = { ...signing, free: true };
      return this.#host.sign(this.#place(key), { kind: 'sign' }, request, undefined);
    }
    const state = await this.#ready(pin, pin.name, code, options);
    if (state.pin.toBeChanged) throw new Failure('pin-change-first', { parameters: { pin: pin.name } });
    const request = { ...signing, free: false };
    return this.#host.sign(this.#place(pin), act('sign', pin), request, typed(state, code));
  }

  /**
   * Everything that can be checked without a try: the entry against the token's rules, and its flags.
   * @param presented the PIN that is at stake: the token's own, or the PUK
   */
  async #ready(
    pin: ModulePin,
    presented: TokenPin['name'],
    code: SecretBytes,
    options: PinOptions,
  ): Promise<TokenState> {
    if (!pin.token.protectedPath) checkPresented({ ...rulesOf(pin), name: presented }, code);
    const [state] = await this.#host.tokens([this.#place(pin)]);
    if (!state) throw new Failure('card-changed');
    const isPuk = presented === 'PUK';
    const tries = triesOf(isPuk ? state.securityOfficer : state.pin);
    const parameters = { pin: presented };
    if (tries === 'blocked') {
      throw new Failure(isPuk ? 'puk-blocked' : 'pin-blocked', { parameters, triesLeft: 0 });
    }
    if (tries === 'last' && !options.acknowledgeLastTry) {
      throw new Failure('pin-last-try', { parameters, triesLeft: 1 });
    }
    return state;
  }

  #pin(name: 'PIN1' | 'PIN2'): ModulePin {
    const pin = this.#model.pins.find((candidate) => candidate.name === name);
    if (!pin) throw new Failure('pin-unknown-name', { parameters: { pin: name } });
    return pin;
  }

  #key(certificateId: string): ModuleKey | undefined {
    return this.#model.certificates.find(({ id }) => id === certificateId)?.key;
  }

  #place({ slot, token }: Pick<ModulePin, 'slot' | 'token'>): TokenPlace {
    return { slot, label: token.label, serial: token.serial, run: this.#run };
  }
}

/**
 * The card that a listing of the module showed.
 * @throws Failure `card-absent`, `card-malformed`, and what the module said when it could not read it
 */
export function openModuleCard(host: ModuleHost, card: ModuleCard): ModuleToken {
  if (card.tokens.length > 0) return new ModuleToken(host, card);
  if (!card.trouble) throw new Failure('card-absent');
  throw callFailure(new HostTrouble(card.trouble, undefined), { kind: 'read' }, host.name);
}

function toBeSigned(
  { kind, hash }: SignatureAlgorithm,
  digest: Uint8Array,
  { shape }: ModuleKey,
): Uint8Array {
  if (kind === 'rsa-pkcs1') return digestInfo(hash, digest);
  // ECDSA takes the leftmost bits of a digest that is longer than the order (FIPS 186-5, 6.4.1); not all modules do.
  return shape.kind === 'ec' ? digest.subarray(0, shape.orderLength) : digest;
}

function tokenPin({ name, length }: ModulePin, state: TokenState): TokenPin {
  const role = name === 'PIN1' ? 'authentication' : 'signature';
  const tries = triesOf(state.pin);
  const pin: TokenPin = { name, role, length, tries, changeFirst: state.pin.toBeChanged };
  return state.protectedPath ? { ...pin, typedAtReader: true } : pin;
}

function pukOf({ length }: ModulePin, state: TokenState): TokenPin {
  return { name: 'PUK', role: 'unblock', length, tries: triesOf(state.securityOfficer), changeFirst: false };
}

function triesOf({ locked, finalTry, countLow }: TokenState['pin']): PinTries {
  if (locked) return 'blocked';
  return finalTry ? 'last' : countLow ? 'low' : 'unknown';
}

/** Nothing says that a module's PINs are digits only. */
function rulesOf({ name, length }: ModulePin): PinRules {
  return { name, length, digitsOnly: false };
}

function act(kind: Act['kind'], { name, length }: ModulePin): Act {
  return { kind, pin: name, length };
}

/** What was typed here; undefined where the person types at the reader. */
function typed(state: TokenState, code: SecretBytes): SecretBytes | undefined {
  return state.protectedPath ? undefined : code;
}
