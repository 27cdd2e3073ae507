import type { CardDescription } from '../kernel/card.ts';
import { certificateValidity } from '../variants.ts';
import type { CardCertificates, CardPlan } from './card-plan.ts';
import { keyPair } from './key-pairs.ts';
import { pkcs15Card } from './pkcs15-card.ts';

/**
 * The two Moldovan cards as the sandbox imagines them. Only the ATR of the identity card 2025 and the PIN lengths
 * of the electronic identity card are public; files and references are our own PKCS#15 layout.
 */

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));

/** Contactless form of PC/SC part 3, historical bytes with card capabilities and "SIMULATED". */
const electronicCardAtr = bytes('3B 8F 80 01 80 73 F4 21 E0 59 53 49 4D 55 4C 41 54 45 44 CB');
/** The public ATR of the "Moldavian 2025 ID Card (eID)". */
const identityCard2025Atr = bytes('3B DF 96 FF 81 31 FE 45 80 73 84 21 E0 57 4D 44 41 5F 41 53 50 81 0F 87');
/** Historical bytes "OsEID": OpenSC's myeid driver claims the card. */
const oseidAtr = bytes('3B 85 81 31 FE 45 4F 73 45 49 44 FA');

/** The electronic identity card (BIe): authentication under PIN1, signature under PIN2, RSA-2048, twelve months. */
export async function electronicIdentityCard(
  plan: CardPlan,
): Promise<{ description: CardDescription; certificates: CardCertificates }> {
  const [authentication, signature] = await Promise.all([
    keyPair('rsa', plan.keyPairs[0]),
    keyPair('rsa', plan.keyPairs[1]),
  ]);
  const validity = certificateValidity(plan.variant, plan.now, 12);
  const issue = (publicKey: typeof authentication.publicKey, role: 'authentication' | 'signature') =>
    plan.authority.issueHolder({
      person: plan.person,
      publicKey,
      role,
      bareIdnp: plan.bareIdnp,
      ...validity,
    });
  const certificates: CardCertificates =
    plan.variant === 'no-certificate'
      ? {}
      : {
          authentication: await issue(authentication.publicKey, 'authentication'),
          signature: await issue(signature.publicKey, 'signature'),
        };
  const description = pkcs15Card(plan, {
    atr: plan.face === 'oseid' ? oseidAtr : electronicCardAtr,
    label: 'SIMULATED Buletin',
    applicationLabel: 'SIMULATED BIe',
    pins: [
      { name: 'PIN1', reference: 0x01, label: 'PIN1' },
      { name: 'PIN2', reference: 0x02, label: 'PIN2' },
    ],
    pukReference: 0x03,
    slots: [
      {
        pair: authentication,
        certificate: certificates.authentication,
        certificateLabel: 'Autentificare (SIMULATED)',
        label: 'Autentificare',
        pin: 'PIN1',
        role: 'authentication',
        keyReference: 0x01,
      },
      {
        pair: signature,
        certificate: certificates.signature,
        certificateLabel: 'Semnătură (SIMULATED)',
        label: 'Semnătură',
        pin: 'PIN2',
        role: 'signature',
        keyReference: 0x02,
      },
    ],
  });
  return { description, certificates };
}

/**
 * The identity card of 2025: one qualified signature key, P-384, under a six-digit PIN, five years but not longer
 * than the card.
 */
export async function identityCard2025(
  plan: CardPlan,
): Promise<{ description: CardDescription; certificates: CardCertificates }> {
  const signature = await keyPair('ec', plan.keyPairs[0]);
  const cardExpires = new Date(`${plan.person.documentExpires}T23:59:59Z`);
  const certificates: CardCertificates =
    plan.variant === 'no-certificate'
      ? {}
      : {
          signature: await plan.authority.issueHolder({
            person: plan.person,
            publicKey: signature.publicKey,
            role: 'signature',
            bareIdnp: plan.bareIdnp,
            ...certificateValidity(plan.variant, plan.now, 60, cardExpires),
          }),
        };
  const description = pkcs15Card(plan, {
    atr: plan.face === 'oseid' ? oseidAtr : identityCard2025Atr,
    label: 'SIMULATED Carte 2025',
    applicationLabel: 'SIMULATED CI 2025',
    pins: [{ name: 'PIN2', reference: 0x81, label: 'PIN2' }],
    pukReference: 0x83,
    slots: [
      {
        pair: signature,
        certificate: certificates.signature,
        certificateLabel: 'Semnătură calificată (SIMULATED)',
        label: 'Semnătură calificată',
        pin: 'PIN2',
        role: 'signature',
        keyReference: 0x91,
      },
    ],
  });
  return { description, certificates };
}
