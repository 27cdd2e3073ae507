/** Cookies of the sandbox's sites: always Secure and HttpOnly, for this host only. */
import type { FastifyReply, FastifyRequest } from 'fastify';

/** The value of a cookie; null when there is none, or several, or one that no handle can be. */
export function readCookie(request: FastifyRequest, name: string): string | null {
  const values = (request.headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
  const [value] = values;
  return values.length === 1 && value !== undefined && /^[A-Za-z0-9_-]{1,64}$/.test(value) ? value : null;
}

/**
 * @param sameSite `None` for what must come along when the other party's page posts here, else `Lax`
 */
export function setCookie(
  reply: FastifyReply,
  name: string,
  value: string,
  sameSite: 'None' | 'Lax' = 'Lax',
): void {
  reply.header('set-cookie', `${name}=${value}; Path=/; Secure; HttpOnly; SameSite=${sameSite}`);
}

export function dropCookie(reply: FastifyReply, name: string): void {
  reply.header('set-cookie', `${name}=; Path=/; Secure; HttpOnly; Max-Age=0`);
}
