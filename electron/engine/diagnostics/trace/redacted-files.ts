/** Which rule a file's content falls under, by the identifier it was selected with. */
import { isFailure } from '../../../contract/failures/failure.ts';
import { parseOdf } from '../../card/pkcs15/ef-odf.ts';
import { fillCardInformation, fillDirectory, fillUnknownFile } from './file-fillers.ts';
import { Filling } from './filling.ts';
import { IdentifierNames } from './identifier-names.ts';
import { fillDirectoryFile, fillOdf, fillTokenInfo } from './object-filler.ts';

const efDir = 0x2f00;
const efAtr = 0x2f01;
const efOdf = 0x5031;
const efTokenInfo = 0x5032;

/** What is known of the files of one card, learnt while they were read. */
export class RedactedFiles {
  readonly #names = new IdentifierNames();
  /** Identifiers of files that EF.ODF calls directory files. */
  readonly #directories = new Set<number>();

  /**
   * The content with everything personal replaced, of the same length.
   * @param file identifier it was selected with; undefined when it is not known
   */
  redact(file: number | undefined, content: Uint8Array): Uint8Array {
    const filling = new Filling(content);
    if (file === efDir) fillDirectory(filling);
    else if (file === efAtr) fillCardInformation(filling);
    else if (file === efTokenInfo) fillTokenInfo(filling);
    else if (file === efOdf) {
      this.#learn(content);
      fillOdf(filling, this.#names);
    } else if (file !== undefined && this.#directories.has(file)) fillDirectoryFile(filling, this.#names);
    else fillUnknownFile(filling);
    return filling.bytes;
  }

  /** Whether a rule knows this file; of others single records are not kept at all. */
  knows(file: number | undefined): boolean {
    return (
      file !== undefined && ([efDir, efAtr, efOdf, efTokenInfo].includes(file) || this.#directories.has(file))
    );
  }

  #learn(odf: Uint8Array): void {
    try {
      for (const { path } of parseOdf(odf)) {
        const file = path?.file;
        const low = file?.[file.length - 1];
        const high = file?.[file.length - 2];
        if (high !== undefined && low !== undefined) this.#directories.add((high << 8) | low);
      }
    } catch (error) {
      if (!isFailure(error, 'card-malformed')) throw error;
    }
  }
}
