import { concatBytes } from '../../pki/der.ts';
import type { CardState, CommandHandler } from '../kernel/card.ts';
import { operate } from '../kernel/private-key.ts';
import { Template, type TemplateTag } from '../kernel/security-environment.ts';
import { answer, refuse, Sw } from '../kernel/status-word.ts';

/** MANAGE SECURITY ENVIRONMENT, SET for computation (ISO 7816-4 clause 11.5.11; P1 = 41). */
export const manageSecurityEnvironmentCommand: CommandHandler = (command, card) => {
  if (command.p1 !== 0x41) refuse(Sw.wrongParameters);
  if (command.data.length === 0) refuse(Sw.wrongLength);
  card.environment.set(command.p2, command.data);
  return answer();
};

/** Lets the key of a template work, after its PIN; a key that consumes the verification works once. */
function useKey(card: CardState, template: TemplateTag, data: Uint8Array): Uint8Array {
  const { key, operation } = card.environment.get(template);
  if (key.guard.changeFirst) refuse(Sw.conditions);
  if (!key.guard.verified) refuse(Sw.securityStatus);
  const result = operate(key, operation, data);
  if (key.consumesVerification) key.guard.verified = false;
  return result;
}

/** INTERNAL AUTHENTICATE (clause 11.5.2) with the key of the authentication template. */
export const internalAuthenticateCommand: CommandHandler = (command, card) => {
  if (command.p1 !== 0x00 || command.p2 !== 0x00) refuse(Sw.wrongParameters);
  return answer(useKey(card, Template.authentication, command.data));
};

/** PERFORM SECURITY OPERATION: COMPUTE DIGITAL SIGNATURE (ISO 7816-8 clause 11.4). */
export const computeDigitalSignatureCommand: CommandHandler = (command, card) => {
  if (command.p1 !== 0x9e || command.p2 !== 0x9a) refuse(Sw.wrongParameters);
  return answer(useKey(card, Template.signature, command.data));
};

/**
 * PERFORM SECURITY OPERATION as the OsEID applet has it: COMPUTE DIGITAL SIGNATURE, and DECIPHER of one raw RSA
 * block that comes in two commands, its halves marked 81 and 82.
 */
export const halvedSecurityOperationCommand: CommandHandler = (command, card) => {
  const { environment } = card;
  const kept = environment.heldHalf;
  environment.heldHalf = undefined;
  if (command.p1 !== 0x80 || command.p2 !== 0x86) return computeDigitalSignatureCommand(command, card);
  const half = command.data.subarray(1);
  switch (command.data[0]) {
    case 0x81:
      if (!environment.get(Template.confidentiality).key.guard.verified) refuse(Sw.securityStatus);
      environment.heldHalf = Uint8Array.from(half);
      return answer();
    case 0x82:
      if (!kept) return refuse(Sw.conditions);
      return answer(useKey(card, Template.confidentiality, concatBytes(kept, half)));
    default:
      return refuse(Sw.wrongData);
  }
};
