import type { CertificateJson, PinJson } from '../../../electron/contract/model/card.ts';
import type { WindowState } from '../../app/window-store.ts';
import { isBlocked } from '../pins/pin-tries.ts';

/** Whether the card that lies there can sign, and what hinders it. */
export type Readiness =
  | { readonly state: 'no-card' }
  | { readonly state: 'no-certificate' }
  | {
      readonly state: 'ready' | 'expired' | 'not-yet-valid' | 'blocked' | 'change-first';
      readonly certificate: CertificateJson;
      readonly pin: PinJson | undefined;
    };

export function signingReadiness(personal: WindowState['personal']): Readiness {
  if (personal === null) return { state: 'no-card' };
  const { certificates, pins } = personal.token;
  const certificate = certificates.find(({ role }) => role === 'signature');
  if (certificate === undefined) return { state: 'no-certificate' };
  const pin = pins.find(({ role }) => role === 'signature');
  const parts = { certificate, pin };
  if (certificate.status !== 'valid') return { state: certificate.status, ...parts };
  if (pin !== undefined && isBlocked(pin)) return { state: 'blocked', ...parts };
  if (pin?.changeFirst) return { state: 'change-first', ...parts };
  return { state: 'ready', ...parts };
}
