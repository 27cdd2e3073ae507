import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { needs } from '../../run/needs.ts';
import { makeScratchFolder, removeScratchFolder } from '../scratch-folder.ts';
import { askJudge, askJudgeToAccept } from './judge.ts';
import { parseListing } from './opensc-listing.ts';
import { certificateText, chainFault, verifiesDigest, verifiesMessage } from './openssl.ts';
import { findModule, listObjects, listSlots, sign, type TokenPlace } from './pkcs11-tool.ts';

describe.skipIf(process.platform === 'win32')('asking a foreign program', () => {
  it('gives it a folder of its own and nothing of our environment', async () => {
    const verdict = await askJudge('sh', ['-c', 'env | cut -d= -f1 | sort; cat given; ls $HOME'], {
      files: { given: 'content\n' },
      environment: { EXTRA: '1' },
    });
    expect(verdict.exitCode).toBe(0);
    const words = verdict.text.trim().split('\n');
    expect(words).toEqual(
      ['EXTRA', 'HOME', 'LC_ALL', 'OPENSC_CONF', 'PATH', 'PCSCLITE_CSOCK_NAME', 'PWD', 'TMPDIR'].concat(
        'content',
        'given',
      ),
    );
  });

  it('ends one that takes too long', async () => {
    await expect(askJudge('sleep', ['30'], { timeoutMs: 50 })).rejects.toThrow('no verdict within 50 ms');
  });

  it('names one that is not there', async () => {
    await expect(askJudge('no-such-judge', [])).rejects.toThrow('no-such-judge cannot be started');
  });

  it('keeps a secret out of its complaint', async () => {
    const refusal = askJudgeToAccept('sh', ['-c', 'test "$JUDGE_PIN" = 824193 && exit 7'], {
      secrets: { JUDGE_PIN: '824193' },
    });
    const message = await refusal.then(
      () => '',
      (error: Error) => error.message,
    );
    expect(message).toContain('ended with 7');
    expect(message.replace('= 824193', '')).not.toContain('824193');
  });
});

describe('listings of the OpenSC tools', () => {
  it('are read as objects with fields', () => {
    const text = [
      'Using reader with a card: Buletin Virtual Reader 00 00',
      'PIN [PIN 1]',
      '\tObject Flags   : [0x03], private, modifiable',
      '\tAuth ID        : 03',
      '\tTries left     : 3',
      '',
      'Private RSA Key [Authentication key]',
      '\tKey ref        : 1 (0x01)',
    ].join('\n');
    expect(parseListing(text)).toEqual([
      {
        kind: 'PIN',
        label: 'PIN 1',
        fields: { 'Object Flags': '[0x03], private, modifiable', 'Auth ID': '03', 'Tries left': '3' },
      },
      { kind: 'Private RSA Key', label: 'Authentication key', fields: { 'Key ref': '1 (0x01)' } },
    ]);
  });
});

/** Judges that judge each other: SoftHSM holds the keys, pkcs11-tool signs, openssl verifies. */
describe.skipIf(!needs('opensc') || !needs('openssl') || !needs('softhsm'))(
  'signatures between judges',
  () => {
    const pin = '824193';
    const message = new TextEncoder().encode('Buletin');
    let folder: string;
    let token: TokenPlace;
    const publicKeys: Record<string, string> = {};

    beforeAll(async () => {
      folder = makeScratchFolder();
      await askJudgeToAccept('sh', [
        '-c',
        `mkdir ${folder}/tokens && echo directories.tokendir=${folder}/tokens > ${folder}/conf`,
      ]);
      const module = findModule('libsofthsm2.so') ?? '';
      token = { module, tokenLabel: 'judges', environment: { SOFTHSM2_CONF: `${folder}/conf` } };
      await askJudgeToAccept(
        'sh',
        ['-c', 'softhsm2-util --init-token --free --label judges --so-pin "$JUDGE_PIN" --pin "$JUDGE_PIN"'],
        { environment: token.environment ?? {}, secrets: { JUDGE_PIN: pin } },
      );
      for (const [id, algorithm] of [
        ['01', ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048']],
        ['02', ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-384']],
      ] as const) {
        const key = (await askJudgeToAccept('openssl', ['genpkey', ...algorithm])).text;
        publicKeys[id] = (
          await askJudgeToAccept('openssl', ['pkey', '-in', 'key', '-pubout'], { files: { key } })
        ).text;
        const names = `--token judges --id ${id} --label key-${id}`;
        await askJudgeToAccept('sh', ['-c', `softhsm2-util --import key ${names} --pin "$JUDGE_PIN"`], {
          environment: token.environment ?? {},
          secrets: { JUDGE_PIN: pin },
          files: { key },
        });
      }
    });
    afterAll(() => removeScratchFolder(folder));

    it('find the token and its objects', async () => {
      expect(await listSlots(token)).toMatch(/token label\s+: judges/);
      const objects = await listObjects(token, pin);
      const found = objects.map((object) => `${object.kind.split(';')[0]} ${object.fields.ID}`).sort();
      expect(found).toEqual([
        'Private Key Object 01',
        'Private Key Object 02',
        'Public Key Object 01',
        'Public Key Object 02',
      ]);
    });

    it.each([
      { id: '01', mechanism: 'SHA256-RSA-PKCS', digest: 'sha256', hashed: false, pss: false },
      { id: '01', mechanism: 'RSA-PKCS-PSS', digest: 'sha256', hashed: true, pss: true },
      { id: '02', mechanism: 'ECDSA', digest: 'sha384', hashed: true, pss: false },
    ] as const)('hold for $mechanism and break with the message', async (request) => {
      const data = request.hashed ? createHash(request.digest).update(message).digest() : message;
      const signature = await sign({
        ...token,
        pin,
        id: request.id,
        mechanism: request.mechanism,
        data,
        ...(request.pss ? { pssDigest: 'SHA256' } : {}),
      });
      const claim = {
        signer: publicKeys[request.id] ?? '',
        digest: request.digest,
        signature,
        ...(request.pss ? { padding: 'pss' as const } : {}),
      };
      expect(await verifiesMessage(claim, message)).toBe(true);
      expect(await verifiesMessage(claim, new TextEncoder().encode('buletin'))).toBe(false);
      const digest = createHash(request.digest).update(message).digest();
      expect(await verifiesDigest(claim, digest)).toBe(true);
      digest[0] = (digest[0] ?? 0) ^ 1;
      expect(await verifiesDigest(claim, digest)).toBe(false);
    });

    it('tell a chain that holds from one that does not', async () => {
      const root = (
        await askJudgeToAccept(
          'openssl',
          [
            ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc'],
            ...['-keyout', 'key', '-out', 'root', '-days', '2', '-subj', '/CN=Test Root'],
          ],
          { produces: 'root' },
        )
      ).produced.toString();
      expect(await certificateText(root)).toContain('Subject: CN=Test Root');
      expect(await chainFault({ leaf: root, roots: [root] })).toBeUndefined();
      const later = new Date(Date.now() + 5 * 86_400_000);
      expect(await chainFault({ leaf: root, roots: [root], at: later })).toContain('certificate has expired');
    });
  },
);
