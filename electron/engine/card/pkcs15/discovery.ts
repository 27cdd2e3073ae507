import { Failure, isFailure } from '../../../contract/failures/failure.ts';
import type { Iso7816 } from '../iso7816.ts';
import { parseAodf } from './aodf.ts';
import { parseCdf } from './cdf.ts';
import { contradictions, markUnblockers } from './consistency.ts';
import { parseEfDir } from './ef-dir.ts';
import { type DirectoryKind, type OdfEntry, parseOdf } from './ef-odf.ts';
import { FileAccess, objectList, oneSequence, root } from './file-access.ts';
import type { Pkcs15Application, Pkcs15Card, Pkcs15Remark, Pkcs15TokenInfo } from './model.ts';
import { hex, type ObjectList, objectLimit } from './object.ts';
import { parsePrkdf } from './prkdf.ts';
import { parseTokenInfo } from './token-info.ts';

/** APDUs for the description of a card, at most. A card with four directory files of 4 KiB needs about 80. */
export const maxDiscoveryExchanges = 600;
const efDir = Uint8Array.of(0x3f, 0x00, 0x2f, 0x00);
const efOdf = Uint8Array.of(0x50, 0x31);
const efTokenInfo = Uint8Array.of(0x50, 0x32);

const pkcs15Aid = 'a000000063504b43532d3135';

/**
 * Applications tried by SELECT when EF.DIR does not help: PKCS#15 first, then those of the card families that the
 * Moldovan ATR resembles, then other European signature applications.
 */
const knownApplications: readonly (readonly [aid: string, label: string])[] = [
  [pkcs15Aid, 'PKCS-15'],
  ['a000000077010800070000fe00000100', 'IAS-ECC'],
  ['a000000077', 'IDEMIA'],
  ['e828bd080fd25047656e65726963', 'ECC Generic PKI'],
  ['e828bd080fd2504543432d654944', 'ECC eID'],
  ['e828bd080ff2504f5420415750', 'AWP'],
  ['51534344204170706c69636174696f6e', 'QSCD'],
  ['e828bd080fa000000167455349474e', 'ESIGN'],
  ['e828bd080f8025000001ff0010', 'CPx IAS 1'],
  ['e828bd080f8025000001ff0020', 'CPx IAS 2'],
  ['a0000002455369676e', 'STARCOS eSign'],
  ['a000000018800000000662', 'IDPrime'],
];

/**
 * Reads the PKCS#15 description of a card (ISO 7816-15): EF.DIR, or known applications by SELECT when EF.DIR is missing;
 * then EF.ODF, EF.TokenInfo, AODF, PrKDF and CDF of the first application that has an EF.ODF. Certificates are left to
 * `readCertificates`.
 *
 * Sends SELECT, READ BINARY and READ RECORD only, at most 600 of them, and no secret. Run it inside a transaction if
 * other programs may use the card.
 * @throws Failure `card-unknown` when no application has PKCS#15 data, `card-refused` when the card wants a
 *   condition first (parameter `status`, e.g. 6982), `card-malformed`, and those of the channel.
 */
export function discoverPkcs15(card: Iso7816): Promise<Pkcs15Card> {
  return card.within(maxDiscoveryExchanges, () => discover(new FileAccess(card)));
}

async function discover(files: FileAccess): Promise<Pkcs15Card> {
  const remarks: Pkcs15Remark[] = [];
  const listed = await readEfDir(files, remarks);
  let obstacle: Failure | undefined;
  for (const application of candidates(listed)) {
    try {
      const others = listed.filter((other) => other !== application);
      const found = await readApplication(files, application, remarks, others);
      if (found) return found;
    } catch (error) {
      // One application may want PACE, or be broken, while another can be read.
      if (!isFailure(error, 'card-refused', 'card-malformed')) throw error;
      obstacle ??= error;
    }
  }
  throw obstacle ?? new Failure('card-unknown', { detail: 'no application with PKCS#15 data' });
}

/** The applications of EF.DIR, the one that calls itself PKCS#15 first; then the known ones that it does not list. */
function candidates(listed: readonly Pkcs15Application[]): Pkcs15Application[] {
  const ordered = [...listed].sort((a, b) => Number(isPkcs15(b)) - Number(isPkcs15(a)));
  const names = listed.map(({ aid }) => aid && hex(aid));
  const unlisted = knownApplications
    .filter(([aid]) => !names.includes(aid))
    .map(([aid, label]) => ({ aid: Uint8Array.from(Buffer.from(aid, 'hex')), label, path: undefined }));
  return [...ordered, ...unlisted];
}

function isPkcs15({ aid }: Pkcs15Application): boolean {
  return aid !== undefined && hex(aid) === pkcs15Aid;
}

async function readEfDir(files: FileAccess, remarks: Pkcs15Remark[]): Promise<Pkcs15Application[]> {
  try {
    const bytes = await files.read(root, efDir, { enough: objectList });
    if (bytes) return parseEfDir(bytes);
    remarks.push({ kind: 'file-missing', detail: 'EF.DIR' });
  } catch (error) {
    // Neither an odd EF.DIR nor a card that hides it keeps the known applications from being asked.
    if (!isFailure(error, 'card-malformed', 'card-refused')) throw error;
    remarks.push({ kind: 'file-missing', detail: `EF.DIR: ${error.detail ?? error.code}` });
  }
  return [];
}

/**
 * Reads the PKCS#15 description of one application of a card, e.g. one of `otherApplications`.
 * @returns undefined when it has no EF.ODF.
 * @throws as `discoverPkcs15`.
 */
export function readPkcs15Application(
  card: Iso7816,
  application: Pkcs15Application,
): Promise<Pkcs15Card | undefined> {
  return card.within(maxDiscoveryExchanges, () => readApplication(new FileAccess(card), application, [], []));
}

/**
 * By path first: it needs no SELECT of its own. By AID when there is no path, or the DF cannot be reached by the one that
 * EF.DIR gives.
 */
async function readApplication(
  files: FileAccess,
  application: Pkcs15Application,
  remarks: readonly Pkcs15Remark[],
  others: readonly Pkcs15Application[],
): Promise<Pkcs15Card | undefined> {
  const found = application.path && (await readDescription(files, application, remarks, others));
  if (found || !application.aid) return found || undefined;
  return readDescription(files, { ...application, path: undefined }, remarks, others);
}

async function readDescription(
  files: FileAccess,
  application: Pkcs15Application,
  earlierRemarks: readonly Pkcs15Remark[],
  otherApplications: readonly Pkcs15Application[],
): Promise<Pkcs15Card | undefined> {
  if (!application.path && !(await files.selectApplication(application))) return undefined;
  const odf = await files.read(application, efOdf, { enough: objectList });
  if (!odf) return undefined;
  const entries = parseOdf(odf);
  const remarks = [...earlierRemarks];
  const tokenInfo = await readTokenInfo(files, application, remarks);
  const read = <T>(kind: DirectoryKind, parse: (bytes: Uint8Array) => ObjectList<T>): Promise<T[]> =>
    readDirectories(files, application, entries, kind, parse, remarks);
  const pins = markUnblockers(await read('authentication', parseAodf));
  const keys = await read('private-keys', parsePrkdf);
  const certificates = await read('certificates', parseCdf);
  remarks.push(...contradictions({ pins, keys, certificates }));
  return { application, otherApplications, tokenInfo, pins, keys, certificates, remarks };
}

async function readTokenInfo(
  files: FileAccess,
  application: Pkcs15Application,
  remarks: Pkcs15Remark[],
): Promise<Pkcs15TokenInfo | undefined> {
  const bytes = await files.read(application, efTokenInfo, { enough: oneSequence });
  if (!bytes) {
    remarks.push({ kind: 'file-missing', detail: 'EF.TokenInfo' });
    return undefined;
  }
  try {
    return parseTokenInfo(bytes);
  } catch (error) {
    // Its label and serial number are missed, but nothing else depends on it.
    if (!isFailure(error, 'card-malformed')) throw error;
    remarks.push({ kind: 'file-malformed', detail: `EF.TokenInfo: ${error.detail ?? ''}` });
    return undefined;
  }
}

/** All objects of one kind, from every directory file that EF.ODF names for it. */
async function readDirectories<T>(
  files: FileAccess,
  application: Pkcs15Application,
  entries: readonly OdfEntry[],
  kind: DirectoryKind,
  parse: (bytes: Uint8Array) => ObjectList<T>,
  remarks: Pkcs15Remark[],
): Promise<T[]> {
  const objects: T[] = [];
  const seen = new Set<string>([hex(efOdf)]);
  for (const entry of entries) {
    if (entry.kind !== kind) continue;
    let bytes = entry.objects;
    if (entry.path) {
      const name = hex(entry.path.file);
      // A directory named twice, or EF.ODF named as its own directory, is read once or not at all.
      if (seen.has(name) || name.endsWith('5031')) {
        remarks.push({ kind: 'duplicate-path', detail: `EF.ODF: ${kind} at ${name}` });
        continue;
      }
      seen.add(name);
      const { index, length } = entry.path;
      bytes = await files.read(application, entry.path.file, { offset: index, length, enough: objectList });
      if (!bytes) {
        remarks.push({ kind: 'file-missing', detail: `${kind} at ${name}` });
        continue;
      }
    }
    const list = parse(bytes ?? new Uint8Array(0));
    objects.push(...list.objects);
    remarks.push(...list.remarks);
    if (objects.length > objectLimit)
      throw new Failure('card-malformed', { detail: `more than ${objectLimit} ${kind}` });
  }
  return objects;
}
