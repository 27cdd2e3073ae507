import type { CardState, CommandHandler } from '../kernel/card.ts';
import type { ReferenceData } from '../kernel/reference-data.ts';
import { answer, refuse, Sw } from '../kernel/status-word.ts';

/** The PIN that P2 names, in the current DF. @throws Refusal 6A88. */
function referenced(reference: number, card: CardState): ReferenceData {
  const pin = card.pins.find((candidate) => candidate.reference === reference);
  if (!pin || (pin.df && !card.selection.isWithin(pin.df))) return refuse(Sw.referenceNotFound);
  return pin;
}

/**
 * VERIFY (ISO 7816-4 clause 11.5.6). Without data it tells the state and costs nothing; with P1 = FF it forgets
 * the verification. A transport PIN answers 6985, whatever was presented, and spends no try.
 */
export const verifyCommand: CommandHandler = (command, card) => {
  if (command.p1 !== 0x00 && command.p1 !== 0xff) refuse(Sw.wrongParameters);
  const pin = referenced(command.p2, card);
  if (command.p1 === 0xff) {
    if (command.data.length > 0) refuse(Sw.wrongLength);
    pin.verified = false;
    return answer();
  }
  if (command.data.length === 0) return answer(undefined, pin.state());
  if (command.data.length !== pin.storedLength) refuse(Sw.wrongLength);
  if (pin.changeFirst) refuse(Sw.conditions);
  pin.compare(command.data);
  pin.verified = true;
  return answer();
};

/**
 * CHANGE REFERENCE DATA (clause 11.5.7), old and new value, each of the stored length. A badly formed new value
 * is refused before the old one is looked at, so that it costs nothing.
 */
export const changeReferenceDataCommand: CommandHandler = (command, card) => {
  if (command.p1 !== 0x00) refuse(Sw.wrongParameters);
  const pin = referenced(command.p2, card);
  if (command.data.length !== 2 * pin.storedLength) refuse(Sw.wrongLength);
  const before = command.data.subarray(0, pin.storedLength);
  const after = command.data.subarray(pin.storedLength);
  if (!pin.accepts(after)) refuse(Sw.wrongData);
  pin.compare(before);
  if (pin.changeFirst && pin.isValue(after)) refuse(Sw.wrongData);
  pin.replace(after);
  return answer();
};

/** Which forms of RESET RETRY COUNTER a layout has, by P1: 00 PUK and new PIN, 02 new PIN after VERIFY of the PUK. */
export type UnblockForm = 0x00 | 0x02;

/** RESET RETRY COUNTER (clause 11.5.10) in the forms of the layout. */
export function resetRetryCounterCommand(forms: readonly UnblockForm[]): CommandHandler {
  return (command, card) => {
    const form = forms.find((known) => known === command.p1) ?? refuse(Sw.wrongParameters);
    const pin = referenced(command.p2, card);
    const puk = pin.unblockedBy ?? refuse(Sw.conditions);
    const pukLength = form === 0x00 ? puk.storedLength : 0;
    if (command.data.length !== pukLength + pin.storedLength) refuse(Sw.wrongLength);
    const after = command.data.subarray(pukLength);
    if (!pin.accepts(after)) refuse(Sw.wrongData);
    if (form === 0x00) puk.compare(command.data.subarray(0, pukLength));
    else if (!puk.verified) refuse(Sw.securityStatus);
    pin.replace(after);
    pin.verified = false;
    return answer();
  };
}

/** LOGOUT (INS 2E, as OsEID and MyEID have it): forgets one verification, or all with P2 = 00. */
export const logoutCommand: CommandHandler = (command, card) => {
  if (command.p1 !== 0x00) refuse(Sw.wrongParameters);
  if (command.data.length > 0) refuse(Sw.wrongLength);
  const pins = command.p2 === 0x00 ? card.pins : [referenced(command.p2, card)];
  for (const pin of pins) pin.verified = false;
  return answer();
};
