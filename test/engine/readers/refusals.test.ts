import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PcscReaderService } from '../../../electron/engine/readers/pcsc-service.ts';
import { needs } from '../../run/needs.ts';
import { FakePcscd } from './fake-pcscd.ts';
import { failureCode } from './waiting.ts';

describe.skipIf(!needs('native-pcsc') || !needs('linux'))(
  "a PC/SC service that refuses, by pcsc-lite's own client",
  () => {
    let folder: string;
    let fake: FakePcscd;
    let service: PcscReaderService;

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'fake-pcscd-'));
      process.env.PCSCLITE_CSOCK_NAME = join(folder, 'pcscd.comm');
      fake = await FakePcscd.listen(process.env.PCSCLITE_CSOCK_NAME);
    });
    afterEach(() => service.close());
    afterAll(async () => {
      await fake.close();
      rmSync(folder, { recursive: true, force: true });
    });

    it.each([
      // Client library and daemon speak different versions: a sandboxed package with its own library.
      ['another version', { version: 0x8010001e }, 'refused', 'service-mismatch'],
      // polkit denies access_pcsc.
      ['this user', { establish: 0x8010006a }, 'refused', 'service-refused'],
      ['for lack of memory', { establish: 0x80100006 }, 'stopped', 'service-stopped'],
      ['with an unknown code', { establish: 0x80100999 }, 'stopped', 'service-stopped'],
    ] as const)('refuses %s', async (_what, answers, state, code) => {
      fake.answers = answers;
      service = new PcscReaderService();
      await service.start();
      expect(service.snapshot).toMatchObject({ service: state, readers: [], failure: { code } });
      expect(await failureCode(service.connect('Any Reader'))).toBe(code);
    });
  },
);
