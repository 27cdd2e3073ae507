import { describe, expect, it } from 'vitest';
import {
  isUnsupported,
  mayHideRemoval,
  scard,
  scardFailure,
} from '../../../electron/engine/readers/error-map.ts';

describe('SCARD codes', () => {
  // Columns: code, its name in pcsclite.h, and the failure at Establish, Connect and use on Linux.
  it.each([
    [0x80100001, 'F_INTERNAL_ERROR', 'service-stopped', 'reader-fault', 'reader-fault'],
    [0x80100002, 'E_CANCELLED', 'cancelled', 'cancelled', 'cancelled'],
    [0x80100003, 'E_INVALID_HANDLE', 'service-stopped', 'service-stopped', 'service-stopped'],
    [0x80100004, 'E_INVALID_PARAMETER', 'internal', 'internal', 'internal'],
    [0x80100006, 'E_NO_MEMORY', 'service-stopped', 'service-stopped', 'service-stopped'],
    [0x80100007, 'F_WAITED_TOO_LONG', 'service-stopped', 'card-timeout', 'card-timeout'],
    [0x80100008, 'E_INSUFFICIENT_BUFFER', 'service-stopped', 'reader-fault', 'reader-fault'],
    [0x80100009, 'E_UNKNOWN_READER', 'service-stopped', 'reader-unknown-name', 'reader-removed'],
    [0x8010000a, 'E_TIMEOUT', 'service-stopped', 'card-timeout', 'card-timeout'],
    [0x8010000b, 'E_SHARING_VIOLATION', 'service-stopped', 'reader-busy', 'reader-held'],
    [0x8010000c, 'E_NO_SMARTCARD', 'service-stopped', 'card-absent', 'card-removed'],
    [0x8010000d, 'E_UNKNOWN_CARD', 'service-stopped', 'card-unknown', 'card-unknown'],
    [0x8010000f, 'E_PROTO_MISMATCH', 'service-stopped', 'card-unknown', 'card-changed'],
    [0x80100010, 'E_NOT_READY', 'service-stopped', 'reader-fault', 'reader-fault'],
    [0x80100011, 'E_INVALID_VALUE', 'internal', 'internal', 'internal'],
    [0x80100012, 'E_SYSTEM_CANCELLED', 'service-stopped', 'service-stopped', 'service-stopped'],
    [0x80100013, 'F_COMM_ERROR', 'service-stopped', 'service-stopped', 'service-stopped'],
    [0x80100014, 'F_UNKNOWN_ERROR', 'service-stopped', 'reader-fault', 'reader-fault'],
    [0x80100015, 'E_INVALID_ATR', 'service-stopped', 'card-mute', 'card-mute'],
    [0x80100016, 'E_NOT_TRANSACTED', 'service-stopped', 'card-mute', 'card-mute'],
    [0x80100017, 'E_READER_UNAVAILABLE', 'service-stopped', 'reader-removed', 'reader-removed'],
    [0x80100018, 'P_SHUTDOWN', 'service-stopped', 'service-stopped', 'service-stopped'],
    [0x8010001a, 'E_READER_UNSUPPORTED', 'service-stopped', 'reader-fault', 'reader-fault'],
    [0x8010001c, 'E_CARD_UNSUPPORTED', 'service-stopped', 'card-unknown', 'card-unknown'],
    [0x8010001d, 'E_NO_SERVICE', 'service-absent', 'service-stopped', 'service-stopped'],
    [0x8010001e, 'E_SERVICE_STOPPED', 'service-mismatch', 'service-stopped', 'service-stopped'],
    [0x8010001f, 'E_UNSUPPORTED_FEATURE_LITE', 'service-stopped', 'reader-fault', 'reader-fault'],
    [0x80100022, 'E_UNSUPPORTED_FEATURE', 'service-stopped', 'reader-fault', 'reader-fault'],
    [0x80100027, 'E_NO_ACCESS', 'service-refused', 'service-refused', 'service-refused'],
    [0x8010002e, 'E_NO_READERS_AVAILABLE', 'service-stopped', 'reader-unknown-name', 'reader-removed'],
    [0x8010002f, 'E_COMM_DATA_LOST', 'service-stopped', 'card-mute', 'card-mute'],
    [0x80100031, 'E_SERVER_TOO_BUSY', 'service-stopped', 'service-stopped', 'service-stopped'],
    [0x80100065, 'W_UNSUPPORTED_CARD', 'service-stopped', 'card-unknown', 'card-unknown'],
    [0x80100066, 'W_UNRESPONSIVE_CARD', 'service-stopped', 'card-mute', 'card-mute'],
    [0x80100067, 'W_UNPOWERED_CARD', 'service-stopped', 'card-mute', 'card-mute'],
    [0x80100068, 'W_RESET_CARD', 'service-stopped', 'card-changed', 'card-changed'],
    [0x80100069, 'W_REMOVED_CARD', 'service-stopped', 'card-absent', 'card-removed'],
    [0x8010006a, 'W_SECURITY_VIOLATION', 'service-refused', 'service-refused', 'service-refused'],
  ] as const)('%i %s', (code, name, establish, connect, use) => {
    expect(scard[name]).toBe(code);
    expect(scardFailure(code, 'establish', undefined, 'linux').code).toBe(establish);
    expect(scardFailure(code, 'connect', 'R', 'linux').code).toBe(connect);
    expect(scardFailure(code, 'use', 'R', 'linux').code).toBe(use);
  });

  it('are all in this table', () => {
    expect(Object.keys(scard)).toHaveLength(38);
  });

  it('of the addon itself: a panic is our fault, an abandoned job was cancelled', () => {
    expect(scardFailure(1, 'use').code).toBe('internal');
    expect(scardFailure(2, 'use').code).toBe('cancelled');
  });

  it('that nobody knows are a fault of the reader, and carry their number', () => {
    const failure = scardFailure(0x8010_0999, 'use', 'Reader 00 00');
    expect(failure).toMatchObject({ code: 'reader-fault', parameters: { reader: 'Reader 00 00' } });
    expect(failure.detail).toBe('SCARD 0x80100999 at use');
    expect(scardFailure(0x8010_000b, 'connect').detail).toBe(
      'SCARD 0x8010000B E_SHARING_VIOLATION at connect',
    );
  });

  it('mean different things on Windows and macOS', () => {
    for (const platform of ['win32', 'darwin'] as const) {
      // A stopped service, not another version of it.
      expect(scardFailure(0x8010001e, 'establish', undefined, platform).code).toBe('service-stopped');
      // The reader's cable or the card's contacts, not the daemon's socket.
      expect(scardFailure(0x80100013, 'use', 'R', platform).code).toBe('reader-fault');
    }
  });

  it('with which drivers answer a card that has just gone are looked into', () => {
    expect([0x80100016, 0x8010002f, 0x80100066, 0x80100067, 0x80100013].every(mayHideRemoval)).toBe(true);
    expect([0x80100069, 0x80100068, 0x8010000b, 0x8010001f].some(mayHideRemoval)).toBe(false);
  });

  it('for something that is not there are no failure', () => {
    expect([0x8010001f, 0x80100022].every(isUnsupported)).toBe(true);
    expect(isUnsupported(0x80100016)).toBe(false);
  });
});
