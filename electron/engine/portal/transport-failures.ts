import { Failure } from '../../contract/failures/failure.ts';

/** Errors of Node and undici that mean the connection could not be made. */
const unreachable = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'EACCES',
  'EPERM',
]);
const timedOut = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'ETIMEDOUT',
  'ERR_TLS_HANDSHAKE_TIMEOUT',
]);
/** OpenSSL's verification results, as Node names them (X509_V_ERR_… without the prefix). */
const certificateErrors =
  /^(?:UNABLE_TO_|CERT_|CRL_|SELF_SIGNED_|DEPTH_ZERO_|INVALID_(?:CA|PURPOSE)|PATH_LENGTH_|HOSTNAME_MISMATCH|ERR_TLS_|ERR_SSL_|EPROTO)/;
const brokenProtocol = /^(?:HPE_|UND_ERR_(?:HEADERS_OVERFLOW|RES_CONTENT_LENGTH|INVALID_ARG))/;

/**
 * A failed request as a failure of the catalogue.
 * @param host host and port asked
 * @param overdue the request as a whole took too long
 */
export function failureOfTransport(thrown: unknown, host: string, overdue: boolean): Failure {
  if (thrown instanceof Failure) return thrown;
  const parameters = { host };
  const details = { parameters, cause: thrown };
  if (overdue) return new Failure('portal-timeout', details);
  const codes = errorCodes(thrown);
  const some = (test: (code: string) => boolean): boolean => codes.some(test);
  if (some((code) => timedOut.has(code))) return new Failure('portal-timeout', details);
  if (some((code) => certificateErrors.test(code))) {
    return new Failure('portal-tls', { ...details, detail: codes.join(' ') });
  }
  if (some((code) => unreachable.has(code))) return new Failure('portal-unreachable', details);
  if (some((code) => brokenProtocol.test(code))) {
    return new Failure('portal-answer-invalid', { ...details, parameters: { host, field: 'http' } });
  }
  return new Failure('portal-disconnected', { ...details, detail: codes.join(' ') });
}

/** Codes of an error, of its causes and of the errors gathered in it (several addresses were tried). */
function errorCodes(thrown: unknown, depth = 0): string[] {
  if (!(thrown instanceof Error) || depth > 4) return [];
  const { code } = thrown as NodeJS.ErrnoException;
  const inner = thrown instanceof AggregateError ? thrown.errors : [thrown.cause];
  return [...(typeof code === 'string' ? [code] : []), ...inner.flatMap((one) => errorCodes(one, depth + 1))];
}
