import { isFailure } from '../../../contract/failures/failure.ts';
import { noCapabilities } from '../atr.ts';
import { type AtrInformation, parseEfAtr } from '../ef-atr.ts';
import type { Iso7816 } from '../iso7816.ts';
import { FileAccess, objectList, oneSequence, root, sequenceLength } from './file-access.ts';
import type { Pkcs15Application, Pkcs15Card, Pkcs15CertificateValue, Pkcs15Path } from './model.ts';

/** APDUs for the certificates of a card, at most: 64 of them at 4 KiB in blocks of 256 bytes. */
export const maxCertificateExchanges = 1200;

const efAtr = Uint8Array.of(0x3f, 0x00, 0x2f, 0x01);

type Reading = Pick<Pkcs15CertificateValue, 'der' | 'problem'>;

/**
 * Reads the certificates of a card, each with as few APDUs as it allows. A certificate that is not there, or not
 * to be had, is told in `problem`; the rest is read all the same.
 *
 * Sends SELECT, READ BINARY and READ RECORD only, at most 1,200 of them.
 * @throws Failure `card-malformed` for a file without an end or when the commands do not suffice, and those of
 *   the channel.
 */
export function readCertificates(
  card: Iso7816,
  { application, certificates }: Pick<Pkcs15Card, 'application' | 'certificates'>,
): Promise<Pkcs15CertificateValue[]> {
  return card.within(maxCertificateExchanges, async () => {
    const files = new FileAccess(card);
    if (certificates.some(({ source }) => source.kind === 'file')) await learnCapabilities(files);
    const values: Pkcs15CertificateValue[] = [];
    for (const certificate of certificates) {
      const { source } = certificate;
      const reading =
        source.kind === 'direct'
          ? certificateIn(source.der)
          : await readFile(files, application, source.path);
      values.push({ certificate, ...reading });
    }
    return values;
  });
}

/**
 * When the ATR is silent on what the card can do (contactless cards of type B, old platforms), EF.ATR/INFO may tell: one
 * to three short commands that can spare half a dozen for each certificate. Asked once for a card.
 */
async function learnCapabilities(files: FileAccess): Promise<void> {
  if (files.card.capabilities) return;
  let information: AtrInformation | undefined;
  try {
    const bytes = await files.read(root, efAtr, { enough: objectList });
    information = bytes && parseEfAtr(bytes);
  } catch (error) {
    if (!isFailure(error, 'card-refused', 'card-malformed')) throw error;
  }
  files.card.adoptCapabilities(information?.capabilities ?? noCapabilities, information?.maxResponseData);
}

async function readFile(
  files: FileAccess,
  application: Pkcs15Application,
  path: Pkcs15Path,
): Promise<Reading> {
  const { file, index, length } = path;
  try {
    const bytes = await files.read(application, file, { offset: index, length, enough: oneSequence });
    return bytes ? certificateIn(bytes) : { der: undefined, problem: 'missing' };
  } catch (error) {
    if (isFailure(error, 'card-refused')) return { der: undefined, problem: 'refused' };
    throw error;
  }
}

/** The SEQUENCE at the front, without what pads the file. */
function certificateIn(bytes: Uint8Array): Reading {
  if (bytes.every((byte) => byte === bytes[0])) return { der: undefined, problem: 'empty' };
  const length = sequenceLength(bytes);
  if (length === undefined || length > bytes.length) return { der: undefined, problem: 'malformed' };
  return { der: bytes.subarray(0, length), problem: undefined };
}
