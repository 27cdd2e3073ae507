import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Plugin } from 'vite';

/**
 * What pdf.js loads by name while it shows a document: the fonts that every PDF program must bring, and the decoders
 * of scanned pages in plain JavaScript (a page's policy allows no WebAssembly). They lie in `pdf/` under the names
 * that pdf.js asks for.
 */
export function pdfFiles(root: string): Plugin {
  const from = path.join(root, 'node_modules', 'pdfjs-dist');
  const fonts = path.join(from, 'standard_fonts');
  return {
    name: 'buletin:pdf-files',
    apply: 'build',
    generateBundle() {
      const files = [
        ...readdirSync(fonts)
          .filter((name) => /\.(?:pfb|ttf)$/.test(name))
          .map((name) => path.join(fonts, name)),
        ...['jbig2_nowasm_fallback.js', 'openjpeg_nowasm_fallback.js'].map((name) =>
          path.join(from, 'wasm', name),
        ),
      ];
      const licences = [
        ...['LICENSE_FOXIT', 'LICENSE_LIBERATION'].map((name) => path.join(fonts, name)),
        ...['LICENSE_JBIG2', 'LICENSE_OPENJPEG', 'LICENSE_PDFJS_JBIG2', 'LICENSE_PDFJS_OPENJPEG'].map(
          (name) => path.join(from, 'wasm', name),
        ),
      ];
      for (const file of licences) {
        const fileName = `pdf/${path.basename(file)}.txt`;
        this.emitFile({ type: 'asset', fileName, source: readFileSync(file) });
      }
      for (const file of files) {
        this.emitFile({ type: 'asset', fileName: `pdf/${path.basename(file)}`, source: readFileSync(file) });
      }
    },
  };
}
