import { X509Certificate } from 'node:crypto';
import type { StatusRegister } from '../pki/status-register.ts';
import type { CardCertificates } from './layouts/card-plan.ts';
import type { SandboxVariant } from './variants.ts';

/** Does to a new card's certificates what its variant says: suspends or revokes them in the register. */
export function applyCertificateStatus(
  variant: SandboxVariant,
  certificates: CardCertificates,
  register: StatusRegister,
): void {
  if (variant !== 'suspended' && variant !== 'revoked') return;
  for (const der of [certificates.authentication, certificates.signature]) {
    if (der === undefined) continue;
    const { serialNumber } = new X509Certificate(der);
    if (variant === 'suspended') register.suspend(serialNumber);
    else register.revoke(serialNumber, 'keyCompromise');
  }
}
