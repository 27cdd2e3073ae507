import type { SimulatedCard } from '../../electron/sandbox/cards/simulated-card.ts';
import type { ReaderCommand, ReaderReport } from './reader-process.ts';
import { VirtualReader } from './virtual-reader.ts';

const [name, socketPath, module, className] = process.argv.slice(2) as [string, string, string, string];
const exported = (await import(module)) as Record<string, new () => SimulatedCard>;
const Card = exported[className];
if (!Card) throw new Error(`${module} exports no ${className}`);

const reader = await VirtualReader.open(name, { socketPath });
const tell = (report: ReaderReport): void => {
  process.send?.(report);
};

process.on('message', (command: ReaderCommand) => {
  if (command === 'insert') reader.insert(new Card());
  else reader.remove();
  if (reader.attached) reader.whenSettled().then(() => tell({ report: 'done' }));
  else tell({ report: 'done' });
});
// The test process is gone: so is this one.
process.on('disconnect', () => process.exit(0));
reader.whenSettled().then(() => tell({ report: 'settled', pcscName: reader.pcscName }));
tell({ report: 'ready' });
