import { describe, expect, it } from 'vitest';
import { Failure } from '../../../../electron/contract/failures/failure.ts';
import { Iso7816 } from '../../../../electron/engine/card/iso7816.ts';
import { readCertificates } from '../../../../electron/engine/card/pkcs15/certificate-reading.ts';
import { discoverPkcs15, readPkcs15Application } from '../../../../electron/engine/card/pkcs15/discovery.ts';
import { der } from '../der-writing.ts';
import { FileCard, type FileCardOptions } from '../file-card.ts';
import { bytes, failureOf, hexOf, ScriptedChannel, type ScriptStep } from '../scripted-channel.ts';
import { aodf, cdf, certificate, efDir, efOdf, efTokenInfo, prkdf } from './example-files.ts';

const answer = (content: Uint8Array, sw = '9000') => hexOf(content) + sw;

/** SELECT by path from the MF, with FCI. */
const select = (path: string) => `00A40800${(path.length / 2).toString(16).padStart(2, '0')}${path}00`;

/** The exchanges of a card whose files fit into one block each, by the book. */
const description: ScriptStep[] = [
  ['00A4080002 2F00 00', '6F0E 8002001F 820101 83022F00 8A0105 9000'],
  ['00B000001F', answer(efDir)],
  ['00A4080004 50155031 00', '6F0E 80020030 820101 83025031 8A0105 9000'],
  ['00B0000030', answer(efOdf)],
  ['00A4080004 50155032 00', '6F0E 80020024 820101 83025032 8A0105 9000'],
  ['00B0000024', answer(efTokenInfo)],
  ['00A4080004 50154401 00', '6F0E 8002009E 820101 83024401 8A0105 9000'],
  ['00B000009E', answer(aodf.file)],
  ['00A4080004 50154402 00', '6F0E 8002006B 820101 83024402 8A0105 9000'],
  ['00B000006B', answer(prkdf.file)],
  ['00A4080004 50154404 00', '6F0E 80020045 820101 83024404 8A0105 9000'],
  ['00B0000045', answer(cdf.file)],
];

const files = (changes: Record<string, Uint8Array | undefined> = {}): Map<string, Uint8Array> => {
  const all: Record<string, Uint8Array | undefined> = {
    '3F002F00': efDir,
    '3F0050155031': efOdf,
    '3F0050155032': efTokenInfo,
    '3F0050154401': aodf.file,
    '3F0050154402': prkdf.file,
    '3F0050154404': cdf.file,
    '3F0050154301': certificate,
    '3F0050154302': Uint8Array.from([0, 0, 0, 0, ...certificate, 0, 0, 0]),
    ...changes,
  };
  return new Map(
    Object.entries(all).filter((entry): entry is [string, Uint8Array] => entry[1] !== undefined),
  );
};

function fileCard(options: Partial<FileCardOptions> = {}) {
  const channel = new FileCard({ files: files(), ...options });
  return { channel, iso: new Iso7816(channel) };
}

describe('a card by the book', () => {
  it('is described after twelve APDUs, none of which is more than reading', async () => {
    const channel = new ScriptedChannel(description);
    const card = await discoverPkcs15(new Iso7816(channel));
    channel.expectFinished();
    expect(channel.received.length).toBe(12);
    expect(card.application).toEqual({
      aid: bytes('A000000063504B43532D3135'),
      label: 'Buletin',
      path: bytes('3F005015'),
    });
    expect(card.otherApplications).toEqual([]);
    expect(card.tokenInfo).toMatchObject({ label: 'SIMULATED', serialNumber: '0102030405' });
    expect(card.pins.map(({ label, reference }) => [label, reference])).toEqual([
      ['PIN1', 1],
      ['PIN2', 2],
      ['PUK', 3],
    ]);
    expect(card.keys.map(({ id, authId, type }) => [id, authId, type])).toEqual([
      ['45', '01', 'rsa'],
      ['46', '02', 'ec'],
    ]);
    expect(card.certificates.map(({ id }) => id)).toEqual(['45', '46']);
    expect(card.remarks).toEqual([]);
  });

  it('gives its certificates with two APDUs each', async () => {
    const channel = new ScriptedChannel([
      ...description,
      // The ATR says nothing about extended length, nor does the card.
      ['00A4080002 2F01 00', '6A82'],
      [select('50154301'), '6F04 80020008 9000'],
      ['00B0000008', answer(certificate)],
      // Index 4, length 10 of the directory: eight bytes of certificate and two of padding.
      [select('50154302'), '6F04 80020010 9000'],
      ['00B000040A', `${hexOf(certificate)}00009000`],
    ]);
    const iso = new Iso7816(channel);
    const values = await readCertificates(iso, await discoverPkcs15(iso));
    channel.expectFinished();
    expect(values.map(({ der, problem }) => [der && hexOf(der), problem])).toEqual([
      [hexOf(certificate), undefined],
      [hexOf(certificate), undefined],
    ]);
  });

  it('tells in EF.ATR/INFO how much it can send at once', async () => {
    const long = Uint8Array.from([...bytes('30820280'), ...new Uint8Array(0x280).fill(0x05)]);
    const channel = new ScriptedChannel([
      ...description,
      [select('2F01'), '6F04 80020010 9000'],
      // 47: card capabilities; 7F66: commands of 1,024 bytes, answers of 514 with the status word.
      ['00B0000010', '4703 8421E0 7F6608 02020400 02020202 9000'],
      [select('50154301'), '6F04 80020284 9000'],
      ['00B00000000200', `${hexOf(long.subarray(0, 0x200))}9000`],
      ['00B0020084', `${hexOf(long.subarray(0x200))}9000`],
      [select('50154302'), '6A82'],
    ]);
    const iso = new Iso7816(channel);
    const values = await readCertificates(iso, await discoverPkcs15(iso));
    channel.expectFinished();
    expect(values.map(({ der, problem }) => [der?.length, problem])).toEqual([
      [0x284, undefined],
      [undefined, 'missing'],
    ]);
  });

  it('is left at once when it goes', async () => {
    for (let at = 0; at < description.length; at++) {
      const script: ScriptStep[] = [
        ...description.slice(0, at),
        [description[at]?.[0] ?? '', new Failure('card-removed')],
      ];
      const channel = new ScriptedChannel(script);
      expect((await failureOf(discoverPkcs15(new Iso7816(channel)))).code).toBe('card-removed');
      expect(channel.received.length).toBe(at + 1);
    }
  });
});

describe('cards with ways of their own', () => {
  it('know no selection by path: file by file instead', async () => {
    const { iso, channel } = fileCard({ selectByPath: false });
    expect((await discoverPkcs15(iso)).keys.length).toBe(2);
    // P2 00, 04 and 0C are tried once with P1 08, then never again.
    expect(channel.received.filter((command) => command.startsWith('00A408')).length).toBe(3);
    expect(channel.received[3]).toBe('00A40000023F0000');
  });

  it('want another P2', async () => {
    for (const p2 of [0x04, 0x0c]) {
      const { iso, channel } = fileCard({ returns: [p2] });
      const card = await discoverPkcs15(iso);
      expect(card.certificates.length).toBe(2);
      expect(card.remarks).toEqual([]);
      // What was refused once is not tried again.
      expect(channel.received.filter((command) => command.startsWith('00A40800')).length).toBe(1);
    }
  });

  it('know neither: only plain SELECT with P2 = 0C', async () => {
    const { iso } = fileCard({ returns: [0x0c], selectByPath: false });
    const card = await discoverPkcs15(iso);
    expect((await readCertificates(iso, card)).map(({ problem }) => problem)).toEqual([undefined, undefined]);
  });

  it('name the application by AID only, and its files from its DF', async () => {
    const { iso, channel } = fileCard({
      applications: new Map([['A000000063504B43532D3135', '3F005015']]),
      files: files({
        '3F002F00': bytes('610E 4F0C A000000063504B43532D3135'),
        '3F0050155031': bytes('A806 3004 04024401 A006 3004 04024402 A406 3004 04024404'),
      }),
    });
    const card = await discoverPkcs15(iso);
    expect(card.application.path).toBeUndefined();
    expect(card.pins.length).toBe(3);
    expect(channel.received[2]).toBe('00A404000CA000000063504B43532D313500');
    expect(channel.received[3]).toBe('00A4000002503100');
    expect(await readCertificates(iso, card)).toMatchObject([{ problem: undefined }, { problem: undefined }]);
  });

  it('have an EF.DIR whose path leads nowhere', async () => {
    const { iso } = fileCard({
      applications: new Map([['A000000063504B43532D3135', '3F005015']]),
      files: files({ '3F002F00': bytes('6114 4F0CA000000063504B43532D3135 51043F005016') }),
    });
    const card = await discoverPkcs15(iso);
    expect(card.application.path).toBeUndefined();
    expect(card.keys.length).toBe(2);
  });

  it('keep EF.DIR as records', async () => {
    const other = bytes('6109 4F07A0000002471001');
    const withoutDir = files({ '3F002F00': undefined });
    const records = new Map([['3F002F00', [other, efDir]]]);
    const { iso, channel } = fileCard({ files: withoutDir, records });
    const card = await discoverPkcs15(iso);
    expect(channel.received.slice(0, 4)).toEqual([
      '00A40800022F0000',
      '00B2010400',
      '00B2020400',
      '00B2030400',
    ]);
    expect(card.application.label).toBe('Buletin');
    expect(card.otherApplications.map(({ aid }) => aid && hexOf(aid))).toEqual(['A0000002471001']);
  });

  it('have other applications with data of this kind: the one that calls itself PKCS#15 is taken', async () => {
    const other = bytes('610F 4F07A0000000010203 51043F005020');
    const { iso } = fileCard({
      files: files({ '3F002F00': Uint8Array.from([...other, ...efDir]), '3F0050205031': efOdf }),
    });
    const card = await discoverPkcs15(iso);
    expect(card.application.label).toBe('Buletin');
    expect(card.otherApplications.length).toBe(1);
  });

  it('have no EF.DIR: known applications are asked for, by SELECT alone', async () => {
    const { iso, channel } = fileCard({
      applications: new Map([['E828BD080FD25047656E65726963', '3F005015']]),
      files: files({ '3F002F00': undefined }),
    });
    const card = await discoverPkcs15(iso);
    expect(card.application).toMatchObject({ label: 'ECC Generic PKI', path: undefined });
    expect(card.remarks).toEqual([{ kind: 'file-missing', detail: 'EF.DIR' }]);
    expect(channel.received.slice(0, 6)).toEqual([
      '00A40800022F0000',
      '00A404000CA000000063504B43532D313500',
      '00A4040010A000000077010800070000FE0000010000',
      '00A4040005A00000007700',
      '00A404000EE828BD080FD25047656E6572696300',
      '00A4000002503100',
    ]);
  });

  it('pad their files', async () => {
    const pad = (content: Uint8Array, filler: number) =>
      Uint8Array.from([...content, ...new Uint8Array(1000).fill(filler)]);
    for (const filler of [0x00, 0xff]) {
      const padded = new Map([...files()].map(([path, content]) => [path, pad(content, filler)]));
      const { iso } = fileCard({ files: padded });
      const card = await discoverPkcs15(iso);
      expect(card.remarks).toEqual([]);
      expect(card.pins.length).toBe(3);
      const [first] = await readCertificates(iso, card);
      expect(first?.der && hexOf(first.der)).toBe(hexOf(certificate));
    }
  });

  it('pad them with FF, which is not read to its end', async () => {
    const padded = new Map(
      [...files()].map(([path, content]) => [
        path,
        Uint8Array.from([...content, ...new Uint8Array(4000).fill(0xff)]),
      ]),
    );
    const { iso, channel } = fileCard({ files: padded });
    await readCertificates(iso, await discoverPkcs15(iso));
    expect(channel.received.length).toBe(12 + 1 + 4);
  });

  it('have directory files of several kinds more than once', async () => {
    const odf = bytes('A004 3002 0400 A80A 3008 0406 3F0050154401 A806 3004 04024405 A406 3004 04024404');
    const { iso } = fileCard({
      files: files({ '3F0050155031': odf, '3F0050154401': aodf.pin1, '3F0050154405': aodf.pin2 }),
    });
    const card = await discoverPkcs15(iso);
    expect(card.pins.map(({ label }) => label)).toEqual(['PIN1', 'PIN2']);
  });

  it('write objects into EF.ODF itself', async () => {
    const odf = bytes(der('A8', der('A0', hexOf(aodf.pin1))));
    const { iso } = fileCard({ files: files({ '3F0050155031': odf }) });
    expect((await discoverPkcs15(iso)).pins.map(({ label }) => label)).toEqual(['PIN1']);
  });
});

describe('contradictions', () => {
  it('missing files become remarks', async () => {
    const { iso } = fileCard({ files: files({ '3F0050155032': undefined, '3F0050154402': undefined }) });
    const card = await discoverPkcs15(iso);
    expect(card.tokenInfo).toBeUndefined();
    expect(card.keys).toEqual([]);
    expect(card.remarks.map(({ kind }) => kind)).toEqual([
      'file-missing',
      'file-missing',
      'certificate-without-key',
      'certificate-without-key',
    ]);
  });

  it('an EF.TokenInfo nobody can read becomes a remark', async () => {
    const { iso } = fileCard({ files: files({ '3F0050155032': bytes('DEADBEEF') }) });
    expect((await discoverPkcs15(iso)).remarks.map(({ kind }) => kind)).toEqual(['file-malformed']);
  });

  it('EF.ODF that names itself, and a directory twice, are not followed', async () => {
    const odf = bytes(`A80A 3008 0406 3F0050155031 A806 3004 04025031 A806 3004 04025031
      A80A 3008 0406 3F0050154401 A80A 3008 0406 3F0050154401`);
    const { iso, channel } = fileCard({ files: files({ '3F0050155031': odf }) });
    const card = await discoverPkcs15(iso);
    expect(card.pins.length).toBe(3);
    expect(card.remarks.map(({ kind }) => kind)).toEqual(Array(4).fill('duplicate-path'));
    expect(channel.received.length).toBe(8);
  });

  it('a directory that is a DF is missing', async () => {
    const { iso } = fileCard({ files: files({ '3F0050155031': bytes('A808 3006 0404 3F005015') }) });
    expect((await discoverPkcs15(iso)).remarks).toEqual([
      { kind: 'file-missing', detail: 'authentication at 3f005015' },
    ]);
  });

  it.each([
    ['EF.ODF', { '3F0050155031': efOdf.subarray(0, 30) }],
    ['AODF', { '3F0050154401': aodf.file.subarray(0, -1) }],
    ['PrKDF', { '3F0050154402': bytes('30820400 3000') }],
    ['CDF', { '3F0050154404': bytes('3080 0000') }],
  ])('a broken %s is a failure', async (_, changes) => {
    const { iso } = fileCard({ files: files(changes) });
    expect((await failureOf(discoverPkcs15(iso))).code).toBe('card-malformed');
  });

  it('more than 64 objects over several directories are refused', async () => {
    const forty = bytes(hexOf(cdf.authentication).repeat(40));
    const odf = bytes('A406 3004 04024404 A406 3004 04024405');
    const { iso } = fileCard({
      files: files({ '3F0050155031': odf, '3F0050154404': forty, '3F0050154405': forty }),
    });
    const failure = await failureOf(discoverPkcs15(iso));
    expect(failure.code).toBe('card-malformed');
    expect(failure.detail).toMatch(/more than 64 certificates/);
  });
});

describe('refusals', () => {
  it('no PKCS#15 data: the card is unknown', async () => {
    const { iso, channel } = fileCard({ files: new Map() });
    expect((await failureOf(discoverPkcs15(iso))).code).toBe('card-unknown');
    // EF.DIR and twelve applications.
    expect(channel.received.length).toBe(13);
    expect(channel.received.every((command) => command.startsWith('00A4'))).toBe(true);
  });

  it('a condition comes first (PACE): told with its status word', async () => {
    const { iso } = fileCard({ refusals: new Map([['3F0050155031', 0x6982]]) });
    const failure = await failureOf(discoverPkcs15(iso));
    expect(failure.code).toBe('card-refused');
    expect(failure.parameters).toEqual({ status: '6982', command: 'SELECT' });
  });

  it('one application that refuses does not hide another', async () => {
    const dir = bytes('6106 51043F005020');
    const { iso } = fileCard({
      files: files({ '3F002F00': Uint8Array.from([...dir, ...efDir]) }),
      refusals: new Map([['3F0050205031', 0x6982]]),
    });
    const card = await discoverPkcs15(iso);
    expect(card.application.label).toBe('Buletin');
    const first = card.otherApplications[0];
    expect(first?.path && hexOf(first.path)).toBe('3F005020');
    if (first) expect((await failureOf(readPkcs15Application(iso, first))).code).toBe('card-refused');
    expect((await readPkcs15Application(iso, card.application))?.keys.length).toBe(2);
  });

  it('certificates: empty, missing, refused and malformed ones are told apart', async () => {
    const first = hexOf(cdf.authentication);
    const many = ['4301', '4311', '4312', '4313', '4314', '4315'].map((file) =>
      first.replace('50154301', `5015${file}`),
    );
    const { iso } = fileCard({
      files: files({
        '3F0050154404': bytes(many.join('')),
        '3F0050154311': new Uint8Array(2000).fill(0xff),
        '3F0050154313': certificate,
        '3F0050154314': bytes('3080 0201010000'),
        '3F0050154315': bytes('30820500 3000'),
      }),
      refusals: new Map([['3F0050154313', 0x6982]]),
    });
    const values = await readCertificates(iso, await discoverPkcs15(iso));
    expect(values.map(({ problem }) => problem)).toEqual([
      undefined,
      'empty',
      'missing',
      'refused',
      'malformed',
      'malformed',
    ]);
    expect(values.map(({ der }) => der !== undefined)).toEqual([true, false, false, false, false, false]);
  });
});
