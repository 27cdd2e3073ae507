/**
 * How much of a PDF is looked at. A PDF is hostile input: every loop of the reader ends at one of these numbers,
 * and none of them is met by documents that people sign.
 */
export const bounds = {
  /** Bytes of a file; ten digits are what a cross-reference table has for an offset. */
  fileSize: 9_999_999_999,
  /** Levels of arrays and dictionaries inside one another. */
  depth: 64,
  /** Values in one object. */
  values: 250_000,
  /** Bytes of one object without its stream. */
  objectLength: 8 * 1024 * 1024,
  /** Bytes of a stream (cross-references or objects), as it stands in the file, and decoded. */
  streamLength: 32 * 1024 * 1024,
  /** Bytes of decoded streams altogether. */
  decoded: 192 * 1024 * 1024,
  /** Bytes of object syntax read altogether. */
  parsed: 48 * 1024 * 1024,
  /** Objects looked up altogether. */
  lookups: 200_000,
  /** References from one to the next until a value is there. */
  references: 32,
  /** Cross-reference sections. */
  sections: 1_024,
  /** Subsections of all sections. */
  subsections: 200_000,
  /** Highest object number (ISO 32000-1, annex C). */
  objectNumber: 8_388_607,
  /** Nodes of the page tree on the way to the first page. */
  pageNodes: 10_000,
  /** Form fields. */
  fields: 50_000,
  /** Bytes at the end of the file in which `startxref` is looked for. */
  tail: 2_048,
} as const;
