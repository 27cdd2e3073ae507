import type { DataService, ServiceAnswers } from '../../../contract/portal/services.ts';
import { accessLog } from './access-log.ts';
import { documents } from './documents.ts';
import { domicile } from './domicile.ts';
import { personal } from './personal.ts';
import { vehicles } from './vehicles.ts';

type Items<Service extends DataService> = readonly ServiceAnswers[Service]['items'][number][];

/** What the registers hold of the invented people: for each service the items by IDNP. */
export const registers: { readonly [Service in DataService]: Readonly<Record<string, Items<Service>>> } = {
  personal,
  documents,
  domicile,
  vehicles,
  'access-log': accessLog,
};
