import { connect } from 'node:net';

/** pcsc-lite's client protocol (winscard_msg.h): header {size, command}, version {major, minor, rv}, host byte order. */
const commandVersion = 0x11;
const versionLength = 12;

/**
 * Asks a pcscd for its protocol version, as every client does first.
 * @returns whether it answered within `timeoutMs`; a socket that only accepts (a stopped pcscd) does not count.
 */
export function pcscdAnswers(socketPath: string, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    let received = 0;
    const finish = (answered: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answered);
    };
    const timer = setTimeout(() => finish(false), timeoutMs);
    socket.on('error', () => finish(false));
    socket.on('close', () => finish(false));
    socket.on('data', (chunk) => {
      received += chunk.length;
      if (received >= versionLength) finish(true);
    });
    socket.on('connect', () => {
      const message = new Uint32Array([versionLength, commandVersion, 4, 4, 0]);
      socket.write(new Uint8Array(message.buffer));
    });
  });
}
