import { Failure, isFailure } from '../../contract/failures/failure.ts';
import { moldovanCardLikeness } from '../card/atr.ts';
import type { CardChannel } from '../card/channel.ts';
import { Iso7816 } from '../card/iso7816.ts';
import { readCertificates } from '../card/pkcs15/certificate-reading.ts';
import { discoverPkcs15 } from '../card/pkcs15/discovery.ts';
import { knownProfiles, layoutsForAtr, overlayFor, recognise } from '../card/profiles/known-profiles.ts';
import type { CardProfile } from '../card/profiles/schema.ts';
import { CardToken } from './card-token.ts';
import type { IdentityToken } from './identity-token.ts';
import { PinPad, type TrustPinPad } from './pin-pad/pin-pad.ts';
import { pkcs15Model } from './pkcs15-model.ts';
import { profileModel } from './profile-model.ts';
import type { TokenModel } from './token-model.ts';

/** How a card is opened. */
export interface OpenTokenOptions {
  /** Default: the profiles that come with the program. */
  readonly profiles?: readonly CardProfile[];
  /** Whether the keys that the reader claims may be used; default: they are not looked for. */
  readonly trustPinPad?: TrustPinPad;
}

/** Names of simulated authorities and cards say so. */
const simulatedMark = 'SIMULATED';

/**
 * Reads the card behind a channel and returns it as an identity token. Only SELECT and reading commands are sent,
 * in one transaction.
 *
 * A layout profile comes first where the ATR is one of its own and its files are found; such cards have no
 * PKCS#15 description. For every other card its own PKCS#15 data is all that counts; a profile may add to it, never
 * contradict it. An ATR alone never decides anything.
 *
 * The token belongs to this channel, and so to this insertion of the card: after a removal a new channel has to be
 * opened and the card read again. The caller closes the token, and with it the channel; when this function fails,
 * the channel is still the caller's.
 * @throws Failure `card-unknown`, `card-malformed`, `card-refused` and those of the channel.
 */
export async function openToken(
  channel: CardChannel,
  options: OpenTokenOptions = {},
): Promise<IdentityToken> {
  const profiles = options.profiles ?? knownProfiles;
  const card = new Iso7816(channel);
  const model = await channel.transaction(() => readModel(card, channel.atr, profiles));
  const pad = options.trustPinPad && (await PinPad.find(channel, options.trustPinPad));
  const simulated = channel.simulated || model.simulated || saysSimulated(model);
  return new CardToken(channel, { ...model, simulated }, card, pad);
}

async function readModel(
  card: Iso7816,
  atr: Uint8Array,
  profiles: readonly CardProfile[],
): Promise<TokenModel> {
  for (const profile of layoutsForAtr(atr, profiles)) {
    const model = await profileModel(card, profile);
    if (model) return model;
  }
  try {
    const description = await discoverPkcs15(card);
    const certificates = await readCertificates(card, description);
    return pkcs15Model(description, certificates, overlayFor(description.tokenInfo, profiles));
  } catch (error) {
    if (!isFailure(error, 'card-unknown')) throw error;
    throw unknownCard(atr, profiles, error);
  }
}

/** Says whether at least the ATR is known. */
function unknownCard(atr: Uint8Array, profiles: readonly CardProfile[], cause: Failure): Failure {
  const recognised = recognise(atr, profiles)?.title;
  const likeness = moldovanCardLikeness(atr);
  const detail = recognised
    ? `recognised by its ATR as ${recognised}, but its layout is not public`
    : likeness
      ? `its ATR resembles the Moldovan identity card of 2025 (${likeness}), but its layout is not public`
      : 'no PKCS#15 data and no profile';
  return new Failure('card-unknown', { detail, cause });
}

function saysSimulated(model: TokenModel): boolean {
  return (
    model.label.includes(simulatedMark) ||
    model.certificates.some(({ facts }) => facts.x509.issuer.includes(simulatedMark))
  );
}
