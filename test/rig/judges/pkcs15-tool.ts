import type { PrivatePcscd } from '../pcscd.ts';
import { askJudge, askJudgeToAccept, type Verdict } from './judge.ts';
import { type ListedObject, parseListing } from './opensc-listing.ts';

/** A card in a reader of a private pcscd, for OpenSC's tools. */
export interface CardPlace {
  readonly pcscd: PrivatePcscd;
  /** PC/SC reader name. */
  readonly reader: string;
}

const program = 'pkcs15-tool';

async function list(card: CardPlace, what: string): Promise<ListedObject[]> {
  const verdict = await askJudgeToAccept(program, ['--reader', card.reader, what], card);
  return parseListing(verdict.text);
}

/** PINs with `Auth ID`, `ID`, `Flags`, `Reference`, `Tries left` and more, as `pkcs15-tool --list-pins` has them. */
export const listPins = (card: CardPlace): Promise<ListedObject[]> => list(card, '--list-pins');

/** Private keys with `Usage`, `Auth ID`, `ID`, `Key ref`, `ModLength` or `FieldLength`. */
export const listKeys = (card: CardPlace): Promise<ListedObject[]> => list(card, '--list-keys');

/** Public keys. */
export const listPublicKeys = (card: CardPlace): Promise<ListedObject[]> => list(card, '--list-public-keys');

/** Certificates with `Path`, `ID`, `Encoded serial`. */
export const listCertificates = (card: CardPlace): Promise<ListedObject[]> =>
  list(card, '--list-certificates');

/** TokenInfo as `pkcs15-tool --list-info` prints it. */
export async function tokenInfo(card: CardPlace): Promise<string> {
  return (await askJudgeToAccept(program, ['--reader', card.reader, '--list-info'], card)).text;
}

/** Everything `pkcs15-tool --dump` prints. */
export async function dump(card: CardPlace): Promise<string> {
  return (await askJudgeToAccept(program, ['--reader', card.reader, '--dump'], card)).text;
}

/** A certificate in PEM. @param id its PKCS#15 iD in hexadecimal. */
export async function readCertificate(card: CardPlace, id: string): Promise<string> {
  return (await askJudgeToAccept(program, ['--reader', card.reader, '--read-certificate', id], card)).text;
}

/** VERIFY. @param authId the PIN's authentication object, hexadecimal. One try of the card for a wrong PIN. */
export function verifyPin(card: CardPlace, authId: string, pin: string): Promise<Verdict> {
  return withPins(card, ['--verify-pin', '--auth-id', authId, '--pin', 'env:JUDGE_PIN'], { JUDGE_PIN: pin });
}

/** CHANGE REFERENCE DATA. */
export function changePin(card: CardPlace, authId: string, oldPin: string, newPin: string): Promise<Verdict> {
  return withPins(
    card,
    ['--change-pin', '--auth-id', authId, '--pin', 'env:JUDGE_PIN', '--new-pin', 'env:JUDGE_NEW_PIN'],
    { JUDGE_PIN: oldPin, JUDGE_NEW_PIN: newPin },
  );
}

/** RESET RETRY COUNTER with the PUK. (`pkcs11-tool --unlock-pin` would send the PUK as the old PIN.) */
export function unblockPin(card: CardPlace, authId: string, puk: string, newPin: string): Promise<Verdict> {
  return withPins(
    card,
    ['--unblock-pin', '--auth-id', authId, '--puk', 'env:JUDGE_PUK', '--new-pin', 'env:JUDGE_NEW_PIN'],
    { JUDGE_PUK: puk, JUDGE_NEW_PIN: newPin },
  );
}

function withPins(
  card: CardPlace,
  options: readonly string[],
  secrets: Readonly<Record<string, string>>,
): Promise<Verdict> {
  return askJudge(program, ['--reader', card.reader, ...options], { pcscd: card.pcscd, secrets });
}
