/**
 * The PIN envelope: what is typed leaves the PIN window (or the command line) only encrypted to a one-use key of
 * the agent, so that hosts, IPC, protocol logs and crash dumps carry ciphertext alone.
 *
 * ECDH P-256 with an ephemeral key of the sender; HKDF-SHA-256 with salt = agent's point ‖ sender's point and
 * info = "buletin pin v1"; AES-256-GCM with the prompt's id as associated data. The plaintext is padded to 32
 * bytes (length byte, digits, zeros) so that the ciphertext does not tell the PIN's length.
 *
 * This half seals. It uses WebCrypto only, hence the same code in the page and in Node. The agent's half is
 * `engine/agent/pin-prompts.ts`.
 */
import { z } from 'zod';

export const pinEnvelopeSchema = z.strictObject({
  /** The sender's ephemeral P-256 point, uncompressed, 65 bytes. */
  ephemeralPublicKey: z.base64().length(88),
  /** 12 bytes. */
  iv: z.base64().length(16),
  /** 32 bytes of padded plaintext and the 16-byte tag. */
  ciphertext: z.base64().length(64),
});

export type PinEnvelope = z.infer<typeof pinEnvelopeSchema>;

export const pinEnvelopeInfo = 'buletin pin v1';
export const pinPlaintextLength = 32;
/** Longest PIN or PUK in bytes that fits an envelope. */
export const pinMaxLength = pinPlaintextLength - 1;

const ecdh = { name: 'ECDH', namedCurve: 'P-256' } as const;

function base64(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/**
 * Seals a PIN for one prompt.
 * @param digits the PIN as typed, ASCII, 1 to 31 bytes; left as it is (the caller zeroes it)
 * @param prompt the prompt's id and the agent's one-use public key
 * @throws RangeError for a PIN that does not fit
 */
export async function sealPin(
  digits: Uint8Array,
  prompt: { readonly promptId: string; readonly publicKey: string },
): Promise<PinEnvelope> {
  if (digits.length < 1 || digits.length > pinMaxLength) throw new RangeError('PIN length out of range');
  const agentPoint = fromBase64(prompt.publicKey);
  const agentKey = await crypto.subtle.importKey('raw', agentPoint, ecdh, false, []);
  const own = await crypto.subtle.generateKey(ecdh, false, ['deriveBits']);
  const ownPoint = new Uint8Array(await crypto.subtle.exportKey('raw', own.publicKey));
  const salt = new Uint8Array(agentPoint.length + ownPoint.length);
  salt.set(agentPoint);
  salt.set(ownPoint, agentPoint.length);

  const shared = new Uint8Array(
    await crypto.subtle.deriveBits({ name: 'ECDH', public: agentKey }, own.privateKey, 256),
  );
  const plaintext = new Uint8Array(pinPlaintextLength);
  try {
    const keySource = await crypto.subtle.importKey('raw', shared, 'HKDF', false, ['deriveKey']);
    const key = await crypto.subtle.deriveKey(
      { name: 'HKDF', hash: 'SHA-256', salt, info: new TextEncoder().encode(pinEnvelopeInfo) },
      keySource,
      { name: 'AES-GCM', length: 256 },
      false,
      ['encrypt'],
    );
    plaintext[0] = digits.length;
    plaintext.set(digits, 1);
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const ciphertext = await crypto.subtle.encrypt(
      { name: 'AES-GCM', iv, additionalData: new TextEncoder().encode(prompt.promptId) },
      key,
      plaintext,
    );
    return {
      ephemeralPublicKey: base64(ownPoint),
      iv: base64(iv),
      ciphertext: base64(new Uint8Array(ciphertext)),
    };
  } finally {
    shared.fill(0);
    plaintext.fill(0);
  }
}
