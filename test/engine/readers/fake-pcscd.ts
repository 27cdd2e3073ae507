import { createServer, type Server, type Socket } from 'node:net';

/** pcsc-lite's client protocol (winscard_msg.h), host byte order: a header {size, command} before each message. */
const command = { establishContext: 0x01, version: 0x11 } as const;
const headerLength = 8;

/** What the fake says at each of the first two steps of a client: SCARD codes, 0 to go on. */
export interface FakeAnswers {
  readonly version?: number;
  readonly establish?: number;
}

/** A daemon that refuses, as a real one does for reasons that a test cannot arrange: other versions, polkit. */
export class FakePcscd {
  answers: FakeAnswers = {};
  #server: Server;
  #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
  }

  static async listen(socketPath: string): Promise<FakePcscd> {
    const server = createServer();
    const fake = new FakePcscd(server);
    server.on('connection', (socket) => fake.#serve(socket));
    await new Promise<void>((resolve) => server.listen(socketPath, resolve));
    return fake;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    let received = Buffer.alloc(0);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      while (received.length >= headerLength) {
        const size = received.readUInt32LE(0);
        if (received.length < headerLength + size) return;
        const asked = received.readUInt32LE(4);
        const body = Buffer.from(received.subarray(headerLength, headerLength + size));
        received = received.subarray(headerLength + size);
        // Both messages are three words with the result last, and come back filled in.
        if (asked === command.version) body.writeUInt32LE(this.answers.version ?? 0, 8);
        else if (asked === command.establishContext) body.writeUInt32LE(this.answers.establish ?? 0, 8);
        else socket.destroy();
        socket.write(body);
      }
    });
  }
}
