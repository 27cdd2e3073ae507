/** The process in which pkcs11js works: one request as an argument, JSON on standard output. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** What is used of pkcs11js; handles are buffers. */
interface Pkcs11 {
  load(module: string): void;
  C_Initialize(): void;
  C_Finalize(): void;
  C_GetSlotList(present: boolean): Buffer[];
  C_GetTokenInfo(slot: Buffer): { label: string; serialNumber: string };
  C_OpenSession(slot: Buffer, flags: number): Buffer;
  C_CloseSession(session: Buffer): void;
  C_Login(session: Buffer, user: number, pin: string): void;
  C_FindObjectsInit(session: Buffer, template: { type: number; value: number | Buffer }[]): void;
  C_FindObjects(session: Buffer, count: number): Buffer[];
  C_FindObjectsFinal(session: Buffer): void;
  C_GetAttributeValue(session: Buffer, object: Buffer, wanted: { type: number }[]): { value: Buffer }[];
  C_SignInit(session: Buffer, mechanism: { mechanism: number }, key: Buffer): void;
  C_Sign(session: Buffer, data: Buffer, signature: Buffer): Buffer;
}

const request = JSON.parse(process.argv[2] ?? '{}') as {
  library: string;
  module: string;
  sign?: { label: string; id: string; mechanism: string };
};
type Library = { PKCS11: new () => Pkcs11 } & Record<string, number>;
const library = createRequire(import.meta.url)(request.library) as Library;
const constant = (name: string): number => library[name] as number;
const pkcs11 = new library.PKCS11();

function objects(session: Buffer, template: { type: number; value: number | Buffer }[]): Buffer[] {
  pkcs11.C_FindObjectsInit(session, template);
  const found = pkcs11.C_FindObjects(session, 100);
  pkcs11.C_FindObjectsFinal(session);
  return found;
}

const attribute = (session: Buffer, object: Buffer, name: string): Buffer =>
  pkcs11.C_GetAttributeValue(session, object, [{ type: constant(name) }])[0]?.value ?? Buffer.alloc(0);

pkcs11.load(request.module);
pkcs11.C_Initialize();
const tokens = pkcs11.C_GetSlotList(true).flatMap((slot) => {
  const { label, serialNumber } = pkcs11.C_GetTokenInfo(slot);
  if (label.trim() === '') return [];
  const session = pkcs11.C_OpenSession(slot, constant('CKF_SERIAL_SESSION'));
  const ofClass = (name: string) => ({ type: constant('CKA_CLASS'), value: constant(name) });
  const certificates = objects(session, [ofClass('CKO_CERTIFICATE')]).map((object) => ({
    id: attribute(session, object, 'CKA_ID').toString('hex'),
    value: attribute(session, object, 'CKA_VALUE').toString('hex'),
  }));
  const { sign } = request;
  let signature: string | undefined;
  if (sign && label.trim() === sign.label) {
    pkcs11.C_Login(session, constant('CKU_USER'), process.env.JUDGE_PIN ?? '');
    const id = { type: constant('CKA_ID'), value: Buffer.from(sign.id, 'hex') };
    const [key] = objects(session, [ofClass('CKO_PRIVATE_KEY'), id]);
    if (!key) throw new Error('no such key');
    pkcs11.C_SignInit(session, { mechanism: constant(sign.mechanism) }, key);
    signature = pkcs11.C_Sign(session, readFileSync('data'), Buffer.alloc(1024)).toString('hex');
  }
  pkcs11.C_CloseSession(session);
  return [{ label: label.trim(), serial: serialNumber.trim(), certificates, signature }];
});
pkcs11.C_Finalize();
process.stdout.write(JSON.stringify(tokens));
