/** Where the middleware of identity cards puts its PKCS#11 modules. A name stands for the first file that is there. */
import { existsSync } from 'node:fs';

type System = 'linux' | 'darwin' | 'win32';

/**
 * File names in System32 stand for both of its faces: 64-bit modules lie in `System32`, 32-bit ones in `SysWOW64`.
 * Which of these drives the Moldovan card of 2025 is not public; the state's signing software installs bit4id,
 * SafeNet and Feitian.
 */
export const knownModules: Readonly<Record<string, Readonly<Record<System, readonly string[]>>>> = {
  bit4id: {
    linux: ['/usr/lib/libbit4xpki.so', '/usr/lib/bit4id/libbit4xpki.so'],
    darwin: ['/Applications/STISC/MoldSign/native_lib/libbit4xpki.dylib', '/usr/local/lib/libbit4xpki.dylib'],
    win32: ['C:\\Windows\\System32\\bit4xpki.dll', 'C:\\Windows\\SysWOW64\\bit4xpki.dll'],
  },
  idemia: {
    linux: ['/usr/lib/idplugclassic/libidplug-pkcs11.so'],
    darwin: ['/Applications/IDplugManager.app/Contents/Frameworks/libidplug-pkcs11.dylib'],
    win32: ['C:\\Program Files\\IDEMIA\\IDPlugClassic\\DLLs\\idplug-pkcs11.dll'],
  },
  safenet: {
    linux: ['/usr/lib/libeToken.so', '/usr/lib/libeToken.so.8', '/usr/lib/libIDPrimePKCS11.so'],
    darwin: ['/usr/local/lib/libeTPkcs11.dylib', '/Applications/STISC/MoldSign/native_lib/libeToken.dylib'],
    win32: [
      'C:\\Windows\\System32\\eTPKCS11.dll',
      'C:\\Windows\\System32\\eToken.dll',
      'C:\\Windows\\SysWOW64\\eToken.dll',
      'C:\\Windows\\System32\\IDPrimePKCS11.dll',
    ],
  },
  feitian: {
    linux: ['/usr/lib/libcastle.so.1.0.0', '/usr/local/lib/libcastle.so.1.0.0'],
    darwin: ['/Applications/STISC/MoldSign/native_lib/libcastle.1.0.0.dylib'],
    win32: ['C:\\Windows\\System32\\eps2003csp11.dll', 'C:\\Windows\\SysWOW64\\eps2003csp11.dll'],
  },
  opensc: {
    linux: [
      '/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so',
      '/usr/lib/aarch64-linux-gnu/opensc-pkcs11.so',
      '/usr/lib64/opensc-pkcs11.so',
      '/usr/lib/opensc-pkcs11.so',
    ],
    darwin: ['/Library/OpenSC/lib/opensc-pkcs11.so'],
    win32: ['C:\\Program Files\\OpenSC Project\\OpenSC\\pkcs11\\opensc-pkcs11.dll'],
  },
};

/**
 * The file that a name of the list stands for; undefined for other names, and when none of its files is there.
 */
export function findKnownModule(
  name: string,
  platform: NodeJS.Platform = process.platform,
  exists: (file: string) => boolean = existsSync,
): string | undefined {
  return candidates(name, platform).find((file) => exists(file));
}

/** Whether a word is a name of the list. */
export function isKnownModule(name: string): boolean {
  return Object.hasOwn(knownModules, name);
}

/** The files that a name may stand for, in the order they are tried. */
export function candidates(name: string, platform: NodeJS.Platform = process.platform): readonly string[] {
  const known = isKnownModule(name) ? knownModules[name] : undefined;
  const system = platform === 'darwin' || platform === 'win32' ? platform : 'linux';
  return known?.[system] ?? [];
}
