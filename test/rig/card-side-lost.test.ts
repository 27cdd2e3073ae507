import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { needs } from '../run/needs.ts';
import { PrivatePcscd } from './pcscd.ts';
import { ReaderProcess } from './reader-process.ts';
import { makeScratchFolder, removeScratchFolder } from './scratch-folder.ts';
import { ForeignClient, readerState } from './winscard/foreign-client.ts';

const selectCommand = Uint8Array.of(0x00, 0xa4, 0x04, 0x00);
/** SCARD_E_NOT_TRANSACTED, SCARD_W_REMOVED_CARD. */
const notTransacted = '0x80100016';
const removedCard = '0x80100069';

describe.skipIf(!needs('rig'))('a virtual reader whose process crashes', () => {
  let reader: ReaderProcess;
  let pcscd: PrivatePcscd;
  let client: ForeignClient;

  beforeEach(async () => {
    reader = await ReaderProcess.open({
      module: new URL('./crashing-card.ts', import.meta.url).href,
      className: 'CrashingCard',
    });
    await reader.insert();
    pcscd = await PrivatePcscd.start(reader);
    client = new ForeignClient(pcscd);
    await client.connect(reader.pcscName);
    await client.watch(reader.pcscName);
    await client.nextState();
  });
  afterEach(async () => {
    await client.close();
    await pcscd.dispose();
    await reader.close();
  });

  it('is an empty reader until the process is back', async () => {
    const pid = pcscd.pid;
    for (let round = 0; round < 3; round++) {
      await reader.kill();
      expect((await client.nextState()).state & readerState.empty).toBe(readerState.empty);
      await expect(client.transmit(selectCommand)).rejects.toMatchObject({ code: removedCard });
      await reader.launch();
      await reader.insert();
      expect((await client.nextState()).state & readerState.present).toBe(readerState.present);
      expect((await client.connect(reader.pcscName)).atr).toBe('3b84014543484f05');
      expect(await client.transmit(selectCommand)).toEqual(Uint8Array.of(0x90, 0x00));
    }
    expect(pcscd.pid).toBe(pid);
  });

  it('fails the command that was under way', async () => {
    const crash = client.transmit(Uint8Array.of(0x80, 0x40, 0x00, 0x00));
    await expect(crash).rejects.toMatchObject({ code: notTransacted });
    expect(pcscd.running).toBe(true);
  });
});

/** Plays the peer of the driver with bytes of the test's choice. */
class RawPeer {
  readonly name = 'Raw Reader';
  readonly socketPath: string;
  readonly settled = true;
  connections = 0;
  #folder = makeScratchFolder();
  #sockets = new Set<Socket>();
  #server = createServer((socket) => {
    this.#sockets.add(socket);
    this.connections++;
    let greeted = false;
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      // HELLO may come together with the first request.
      const request = greeted ? chunk : chunk.subarray(12);
      greeted = true;
      if (request.length > 4) this.answer(socket, request[4] ?? 0);
    });
  });

  /** Answers one request, or does what it likes. */
  answer: (socket: Socket, operation: number) => void;

  constructor(answer: (socket: Socket, operation: number) => void) {
    this.answer = answer;
    this.socketPath = join(this.#folder, 'reader');
  }

  listen(): Promise<void> {
    return new Promise((resolve) => this.#server.listen(this.socketPath, resolve));
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    removeScratchFolder(this.#folder);
  }
}

describe.skipIf(!needs('rig'))('the reader driver with a peer that breaks the protocol', () => {
  const power = 2;
  const transmit = 3;
  const presence = 4;
  const present = Uint8Array.of(0, 0, 0, 1, 0);
  const atr = Uint8Array.of(0, 0, 0, 5, 0, 0x3b, 0x82, 0x01, 0x90);

  it.each([
    ['a length of nothing', Uint8Array.of(0, 0, 0, 0)],
    ['a length of four gigabytes', Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0)],
    ['a length just above the limit', Uint8Array.of(0x00, 0x01, 0x00, 0x41, 0)],
    ['an unknown status', Uint8Array.of(0, 0, 0, 1, 99)],
    ['more than one answer', Uint8Array.of(0, 0, 0, 1, 0, 0, 0, 0, 1, 0)],
    ['an ATR of 34 bytes', Uint8Array.of(0, 0, 0, 35, 0, ...new Uint8Array(34).fill(0x3b))],
    ['no ATR', Uint8Array.of(0, 0, 0, 1, 0)],
    ['the end of the connection', undefined],
  ])('outlives %s', async (_, answer) => {
    let answers = 0;
    const peer = new RawPeer((socket, operation) => {
      if (operation === presence) {
        socket.write(present);
      } else if (operation === power || operation === transmit) {
        answers++;
        if (answer) socket.write(answer);
        else socket.destroy();
      }
    });
    await peer.listen();
    try {
      await using pcscd = await PrivatePcscd.start(peer);
      await using client = new ForeignClient(pcscd);
      const [name = ''] = await client.readers();
      expect(name).toBe('Raw Reader 00 00');
      await expect(client.connect(name)).rejects.toMatchObject({ code: expect.stringMatching(/^0x801000/) });
      expect(answers).toBeGreaterThan(0);
      // A peer that behaves again is served again.
      peer.answer = (socket, operation) => {
        socket.write(
          operation === power
            ? atr
            : operation === transmit
              ? Uint8Array.of(0, 0, 0, 3, 0, 0x90, 0)
              : present,
        );
      };
      expect((await client.connect(name)).atr).toBe('3b820190');
      expect(await client.transmit(selectCommand)).toEqual(Uint8Array.of(0x90, 0x00));
      expect(pcscd.running).toBe(true);
    } finally {
      peer.close();
    }
  });

  it('refuses a response that is longer than a program can take', async () => {
    const tooLong = new Uint8Array(4 + 1 + 65_549);
    new DataView(tooLong.buffer).setUint32(0, 65_550);
    const peer = new RawPeer((socket, operation) => {
      socket.write(operation === power ? atr : operation === transmit ? tooLong : present);
    });
    await peer.listen();
    try {
      await using pcscd = await PrivatePcscd.start(peer);
      await using client = new ForeignClient(pcscd);
      const [name = ''] = await client.readers();
      await client.connect(name);
      await expect(client.transmit(selectCommand)).rejects.toMatchObject({ code: notTransacted });
      expect(pcscd.running).toBe(true);
    } finally {
      peer.close();
    }
  });
});
