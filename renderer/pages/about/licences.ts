/** Works of others that a package of Buletin brings along. A test holds the list to `package.json`. */
export interface Licence {
  readonly name: string;
  /** The npm packages behind the name. */
  readonly packages: readonly string[];
  /** Key of what it is for: `page.about.use.*`. */
  readonly use:
    | 'node'
    | 'window'
    | 'components'
    | 'font'
    | 'icons'
    | 'pdf'
    | 'texts'
    | 'checks'
    | 'certificates'
    | 'xml'
    | 'network'
    | 'training';
  /** By SPDX. */
  readonly licence: string;
}

export const licences: readonly Licence[] = [
  { name: 'Node.js', packages: [], use: 'node', licence: 'MIT' },
  { name: 'napi-rs, pcsc, zeroize, serde, libloading (Rust)', packages: [], use: 'node', licence: 'MIT' },
  { name: 'Electron', packages: ['electron'], use: 'window', licence: 'MIT' },
  { name: 'React', packages: ['react', 'react-dom'], use: 'window', licence: 'MIT' },
  {
    name: 'React Aria Components',
    packages: ['react-aria-components'],
    use: 'components',
    licence: 'Apache-2.0',
  },
  { name: 'TanStack Virtual', packages: ['@tanstack/react-virtual'], use: 'components', licence: 'MIT' },
  { name: 'Onest', packages: ['@fontsource-variable/onest'], use: 'font', licence: 'OFL-1.1' },
  { name: 'Lucide', packages: ['lucide-react'], use: 'icons', licence: 'ISC' },
  { name: 'PDF.js', packages: ['pdfjs-dist'], use: 'pdf', licence: 'Apache-2.0' },
  { name: 'Liberation Fonts', packages: [], use: 'pdf', licence: 'OFL-1.1' },
  { name: 'Foxit Fonts', packages: [], use: 'pdf', licence: 'BSD-3-Clause' },
  { name: 'OpenJPEG', packages: [], use: 'pdf', licence: 'BSD-2-Clause' },
  { name: 'PDFium (JBIG2)', packages: [], use: 'pdf', licence: 'BSD-3-Clause' },
  { name: 'FormatJS', packages: ['intl-messageformat'], use: 'texts', licence: 'BSD-3-Clause' },
  { name: 'Zod', packages: ['zod'], use: 'checks', licence: 'MIT' },
  {
    name: 'PeculiarVentures X.509, ASN.1',
    packages: [
      '@peculiar/x509',
      '@peculiar/asn1-cms',
      '@peculiar/asn1-ocsp',
      '@peculiar/asn1-schema',
      '@peculiar/asn1-tsp',
      '@peculiar/asn1-x509',
    ],
    use: 'certificates',
    licence: 'MIT',
  },
  { name: 'reflect-metadata', packages: ['reflect-metadata'], use: 'certificates', licence: 'Apache-2.0' },
  { name: 'xmldom', packages: ['@xmldom/xmldom'], use: 'xml', licence: 'MIT' },
  { name: 'xml-crypto', packages: ['xml-crypto'], use: 'xml', licence: 'MIT' },
  { name: 'parse5', packages: ['parse5'], use: 'xml', licence: 'MIT' },
  { name: 'undici', packages: ['undici'], use: 'network', licence: 'MIT' },
  { name: 'tough-cookie', packages: ['tough-cookie'], use: 'network', licence: 'BSD-3-Clause' },
  { name: 'Fastify', packages: ['fastify'], use: 'training', licence: 'MIT' },
];
