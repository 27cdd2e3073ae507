import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import {
  createSandboxCard,
  type KeyPair,
  type SandboxCard,
  type SandboxCardSpec,
} from '../../../electron/sandbox/cards/index.ts';
import type { SimulatedCard } from '../../../electron/sandbox/cards/simulated-card.ts';
import { SandboxAuthority } from '../../../electron/sandbox/pki/authority.ts';

/** Bytes of a hexadecimal text; blanks are for the eye. */
export const bytes = (hex: string): Uint8Array =>
  Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));

/** Upper-case hexadecimal without blanks. */
export const hex = (data: Uint8Array): string => Buffer.from(data).toString('hex').toUpperCase();

/** What a card answered. */
export interface Answer {
  readonly data: Uint8Array;
  /** Status word, four hexadecimal digits. */
  readonly sw: string;
}

/** Sends one command APDU, typed in hexadecimal. */
export async function ask(card: SimulatedCard, command: string): Promise<Answer> {
  const response = await card.transmit(bytes(command));
  return { data: response.subarray(0, -2), sw: hex(response.subarray(-2)) };
}

/** The status words of several commands, in order. */
export async function statusWords(card: SimulatedCard, ...commands: readonly string[]): Promise<string[]> {
  const words: string[] = [];
  for (const command of commands) words.push((await ask(card, command)).sw);
  return words;
}

let authority: Promise<SandboxAuthority> | undefined;

/** One authority for all cards of a test file. */
export function sandboxAuthority(): Promise<SandboxAuthority> {
  authority ??= SandboxAuthority.create();
  return authority;
}

const generate = promisify(generateKeyPair);
let rsaKeyPairs: Promise<KeyPair[]> | undefined;

/** Two RSA key pairs, the same for all cards of a test file: they take long to make. */
function sharedRsaKeyPairs(): Promise<KeyPair[]> {
  rsaKeyPairs ??= Promise.all([
    generate('rsa', { modulusLength: 2048 }),
    generate('rsa', { modulusLength: 2048 }),
  ]);
  return rsaKeyPairs;
}

/** A fresh card, powered. */
export async function freshCard(spec: SandboxCardSpec): Promise<SandboxCard> {
  const keyPairs = spec.card === 'eid' ? await sharedRsaKeyPairs() : [];
  const card = await createSandboxCard({ keyPairs, ...spec }, await sandboxAuthority());
  card.reset();
  return card;
}

/** Commands that the tests need again and again, with the public training PINs 4271, 836145 and 70318264. */
export const apdu = {
  application: '00 A4 08 0C 02 5015',
  pin1: '00 20 00 01 08 34323731FFFFFFFF',
  wrongPin1: '00 20 00 01 08 30303030FFFFFFFF',
  pin2: '00 20 00 02 08 383336313435FFFF',
  wrongPin2: '00 20 00 02 08 303030303030FFFF',
} as const;
