/**
 * Reads chosen documents for people, with pdf.js. A PDF is hostile input: it is taken apart in a worker of its own,
 * drawn as a picture, its scripts and forms never run, and the page's policy gives it no network.
 */
import {
  AbortException,
  getDocument,
  PasswordException,
  PDFDataRangeTransport,
  type PDFDocumentProxy,
  type PDFPageProxy,
  PDFWorker,
  RenderingCancelledException,
  VerbosityLevel,
} from 'pdfjs-dist';
import workerUrl from 'pdfjs-dist/build/pdf.worker.min.mjs?url';
import type { ChosenDocument } from '../../../electron/contract/pages/host-methods.ts';
import type { HostLink } from '../../app/host-link.ts';

/** Bytes of one reading. */
const chunkBytes = 256 * 1024;
/** Longest one reading asked of the host. */
const longestRead = 1024 * 1024;
/** Pixels of an image in a document above which it is left out: more than an A4 page at 600 dpi. */
const largestImage = 40_000_000;
/** Pixels of the picture that is drawn, whatever size the page says it has. */
const largestPicture = 12_000_000;
/** Letters of a page's text given to screen readers. */
const longestText = 20_000;

export type PreviewProblem = 'unreadable' | 'password' | 'broken';

/** A document that cannot be shown, and why. */
export class PreviewError extends Error {
  readonly problem: PreviewProblem;

  constructor(problem: PreviewProblem, cause?: unknown) {
    super(problem, { cause });
    this.problem = problem;
  }
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index += 1) bytes[index] = binary.charCodeAt(index);
  return bytes;
}

/** Gives pdf.js the pieces that it asks for, as the host reads them from the file. */
class HostTransport extends PDFDataRangeTransport {
  readonly #read: (offset: number, length: number) => Promise<Uint8Array>;

  constructor(
    length: number,
    start: Uint8Array,
    read: (offset: number, length: number) => Promise<Uint8Array>,
  ) {
    super(length, start);
    this.#read = read;
  }

  override requestDataRange(begin: number, end: number): void {
    void this.#pieces(begin, end);
  }

  async #pieces(begin: number, end: number): Promise<void> {
    const parts: Uint8Array[] = [];
    for (let offset = begin; offset < end; offset += longestRead) {
      parts.push(await this.#read(offset, Math.min(longestRead, end - offset)));
    }
    const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      whole.set(part, at);
      at += part.length;
    }
    this.onDataRange(begin, whole);
  }
}

/** Where the build leaves pdf.js's own fonts and image decoders (`build/pdf-files.ts`). */
const files = new URL('pdf/', document.baseURI).href;

/** An open document. */
export class PdfPreview {
  readonly #pdf: PDFDocumentProxy;
  readonly #close: () => void;

  private constructor(pdf: PDFDocumentProxy, close: () => void) {
    this.#pdf = pdf;
    this.#close = close;
  }

  get pages(): number {
    return this.#pdf.numPages;
  }

  /**
   * Opens a document; only what its first page needs is read.
   * @throws PreviewError
   */
  static async open(link: HostLink, file: ChosenDocument, signal: AbortSignal): Promise<PdfPreview> {
    const port = new Worker(workerUrl, { type: 'module' });
    const worker = PDFWorker.create({ port, verbosity: VerbosityLevel.ERRORS });
    let fail: (error: PreviewError) => void = () => {};
    const unreadable = new Promise<never>((_resolve, reject) => {
      fail = reject;
    });
    // Whoever waits hears of it; nobody may be waiting any more.
    unreadable.catch(() => {});
    const close = () => {
      worker.destroy();
      port.terminate();
    };
    const read = async (offset: number, length: number): Promise<Uint8Array> => {
      try {
        const { data, size } = await link.request('host.documents.read', { id: file.id, offset, length });
        const bytes = bytesOf(data);
        if (size !== file.size || bytes.length !== Math.min(length, size - offset))
          throw new Error('changed');
        return bytes;
      } catch (cause) {
        const error = new PreviewError('unreadable', cause);
        fail(error);
        throw error;
      }
    };
    try {
      if (file.size === 0) throw new PreviewError('broken');
      const start = await read(0, Math.min(chunkBytes, file.size));
      const task = getDocument({
        worker,
        range: new HostTransport(file.size, start, read),
        rangeChunkSize: chunkBytes,
        disableStream: true,
        disableAutoFetch: true,
        enableXfa: false,
        maxImageSize: largestImage,
        canvasMaxAreaInBytes: largestPicture * 4,
        // The fonts that every PDF program must have are ours, not whatever this machine calls so.
        useSystemFonts: false,
        useWasm: false,
        useWorkerFetch: false,
        wasmUrl: files,
        standardFontDataUrl: files,
        cMapUrl: files,
        verbosity: VerbosityLevel.ERRORS,
      });
      signal.addEventListener('abort', () => fail(new PreviewError('broken')), { once: true });
      const pdf = await Promise.race([task.promise, unreadable]);
      return new PdfPreview(pdf, close);
    } catch (thrown) {
      close();
      if (thrown instanceof PreviewError) throw thrown;
      throw new PreviewError(thrown instanceof PasswordException ? 'password' : 'broken', thrown);
    }
  }

  /**
   * Draws a page into a canvas.
   * @param width of the picture in CSS pixels
   * @returns the page's text, for those who cannot see the picture
   * @throws PreviewError, or an AbortError when it was called off
   */
  async draw(
    number: number,
    canvas: HTMLCanvasElement,
    width: number,
    pixelRatio: number,
    signal: AbortSignal,
  ): Promise<string> {
    try {
      const page = await this.#pdf.getPage(number);
      signal.throwIfAborted();
      const natural = page.getViewport({ scale: 1 });
      const wanted = (width / natural.width) * pixelRatio;
      const most = Math.sqrt(largestPicture / (natural.width * natural.height));
      const viewport = page.getViewport({ scale: Math.min(wanted, most) });
      // Drawn aside and shown when ready, so that the old page does not flicker away.
      const aside = document.createElement('canvas');
      aside.width = Math.max(1, Math.floor(viewport.width));
      aside.height = Math.max(1, Math.floor(viewport.height));
      const task = page.render({ canvas: aside, viewport });
      const stop = () => task.cancel();
      signal.addEventListener('abort', stop);
      try {
        await task.promise;
      } finally {
        signal.removeEventListener('abort', stop);
      }
      signal.throwIfAborted();
      canvas.width = aside.width;
      canvas.height = aside.height;
      canvas.getContext('2d')?.drawImage(aside, 0, 0);
      return await textOf(page);
    } catch (thrown) {
      if (
        signal.aborted ||
        thrown instanceof RenderingCancelledException ||
        thrown instanceof AbortException
      ) {
        throw new DOMException('called off', 'AbortError');
      }
      throw new PreviewError('broken', thrown);
    }
  }

  close(): void {
    this.#close();
  }
}

async function textOf(page: PDFPageProxy): Promise<string> {
  const content = await page.getTextContent();
  let text = '';
  for (const item of content.items) {
    if (!('str' in item)) continue;
    text += item.hasEOL ? `${item.str}\n` : item.str;
    if (text.length > longestText) break;
  }
  return text.slice(0, longestText).trim();
}
