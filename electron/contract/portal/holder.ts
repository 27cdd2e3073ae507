/**
 * An IDNP as it may stand where it is not asked for (logs, status lines): first four and last two digits.
 * @param idnp 13 digits
 */
export function maskIdnp(idnp: string): string {
  return /^\d{13}$/.test(idnp) ? `${idnp.slice(0, 4)}*******${idnp.slice(-2)}` : '*'.repeat(13);
}
