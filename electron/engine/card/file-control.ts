import { isFailure } from '../../contract/failures/failure.ts';
import { readTlvList, type Tlv } from './tlv.ts';

/** What SELECT told about a file (ISO 7816-4, 7.4.3: FCP 62, FCI 6F). Everything is optional on real cards. */
export interface FileControlInformation {
  /** Bytes in the file (tag 80), or allocated including structure (tag 81) when 80 is missing. */
  readonly size: number | undefined;
  /** From the file descriptor byte (tag 82). */
  readonly kind: 'transparent' | 'records' | 'df' | undefined;
  readonly fileIdentifier: number | undefined;
  /** DF name, i.e. the application identifier (tag 84). */
  readonly name: Uint8Array | undefined;
  /** Life cycle status byte (tag 8A). */
  readonly lifeCycle: number | undefined;
}

const nothing: FileControlInformation = {
  size: undefined,
  kind: undefined,
  fileIdentifier: undefined,
  name: undefined,
  lifeCycle: undefined,
};

/**
 * Decodes the data field of a SELECT response. Never fails: file control information is a courtesy, and what cannot be
 * read in it is as good as not sent.
 */
export function parseFileControlInformation(bytes: Uint8Array): FileControlInformation {
  try {
    const objects = readTlvList(bytes, { padding: true });
    const template = objects.find(({ tag }) => tag === 0x62 || tag === 0x6f || tag === 0x64);
    if (!template) return nothing;
    return fromTemplate(template);
  } catch (error) {
    if (isFailure(error, 'card-malformed')) return nothing;
    throw error;
  }
}

function fromTemplate(template: Tlv): FileControlInformation {
  // Some cards nest the FCP inside the FCI.
  const inner = template.tag === 0x6f ? (template.find(0x62) ?? template) : template;
  return {
    size: unsigned(inner.find(0x80)) ?? unsigned(inner.find(0x81)),
    kind: fileKind(inner.find(0x82)?.value[0]),
    fileIdentifier: unsigned(inner.find(0x83)),
    name: inner.find(0x84)?.value,
    lifeCycle: unsigned(inner.find(0x8a)),
  };
}

function unsigned(object: Tlv | undefined): number | undefined {
  if (!object || object.value.length === 0 || object.value.length > 4) return undefined;
  return object.value.reduce((sum, value) => sum * 256 + value, 0);
}

/** File descriptor byte, ISO 7816-4 table 12: 0x111000 is a DF, the low three bits tell the structure of an EF. */
function fileKind(descriptor: number | undefined): FileControlInformation['kind'] {
  if (descriptor === undefined || (descriptor & 0x80) !== 0) return undefined;
  if ((descriptor & 0x3f) === 0x38) return 'df';
  const structure = descriptor & 0x07;
  if (structure === 1) return 'transparent';
  return structure >= 2 && structure <= 7 ? 'records' : undefined;
}
