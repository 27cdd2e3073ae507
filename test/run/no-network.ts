import net from 'node:net';

/**
 * Loaded before every test file: a connection to anything but this machine fails as if there were no network,
 * and says so. The full run also works in a network namespace of its own where the system grants one; this
 * guard holds everywhere.
 */

const thisMachine = /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+|(.+\.)?localhost|0\.0\.0\.0|::)$/i;

/** The host that a `Socket.connect` call wants, or undefined for a local socket path. */
function hostOf(args: readonly unknown[]): string | undefined {
  // net.connect and tls.connect hand over [[options, callback]].
  const [first, second] = Array.isArray(args[0]) ? args[0] : args;
  if (typeof first === 'object' && first !== null) {
    const { path, host } = first as { path?: unknown; host?: unknown };
    if (typeof path === 'string') return undefined;
    return typeof host === 'string' ? host : 'localhost';
  }
  if (typeof first === 'string' && Number.isNaN(Number(first))) return undefined;
  return typeof second === 'string' ? second : 'localhost';
}

type Connect = (this: net.Socket, ...args: unknown[]) => net.Socket;
const connect = net.Socket.prototype.connect as Connect;
const guarded: Connect = function (...args) {
  const host = hostOf(args);
  if (host === undefined || thisMachine.test(host.replace(/^\[|\]$/g, ''))) return connect.apply(this, args);
  const refusal = new Error(`a test tried to reach ${host}: tests have no network`);
  // Later, as the system would: TLS still sets itself up on the socket after this call.
  setImmediate(() => this.destroy(Object.assign(refusal, { code: 'ENETUNREACH' })));
  return this;
};
net.Socket.prototype.connect = guarded as typeof net.Socket.prototype.connect;
