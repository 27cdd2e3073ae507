import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { SecretBytes } from '../../../electron/contract/pin/secret-bytes.ts';

const digits = () => Uint8Array.from(Buffer.from('4271', 'ascii'));

describe('a secret', () => {
  it('is the bytes it was given, not a copy', () => {
    const bytes = digits();
    const secret = new SecretBytes(bytes);
    expect(secret.length).toBe(4);
    expect(secret.expose()).toBe(bytes);
  });

  it('is overwritten when it is destroyed, and may be destroyed twice', () => {
    const bytes = digits();
    const secret = new SecretBytes(bytes);
    secret.destroy();
    secret.destroy();
    expect([...bytes]).toEqual([0, 0, 0, 0]);
    expect(secret.destroyed).toBe(true);
    expect(secret.length).toBe(0);
  });

  it('cannot be used once it is destroyed', () => {
    const secret = new SecretBytes(digits());
    secret.destroy();
    expect(() => secret.expose()).toThrow('a destroyed secret was used again');
  });

  it('shows itself in no text', () => {
    const secret = new SecretBytes(digits());
    const texts = [
      String(secret),
      `${secret}`,
      JSON.stringify({ secret }),
      inspect(secret, { showHidden: true, depth: 9 }),
      inspect({ deep: { secret } }, { depth: 9 }),
      inspect(Object.assign(new Error('x'), { secret })),
    ];
    for (const text of texts) {
      expect(text).toContain('[secret]');
      expect(text).not.toMatch(/4271|34.{0,6}32.{0,6}37.{0,6}31|52, 50, 55, 49/);
    }
  });
});
