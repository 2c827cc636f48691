import { systemClock } from '#core/clock.ts';
import { silentLogger } from '#core/log.ts';
import { makeIntent } from '../../contract/fixtures.ts';
import { openSqliteStorage } from '../open-sqlite-storage.ts';

/** A process to be killed: commits without end, and says each lease that was acknowledged, one a line. */
const storage = await openSqliteStorage({
  path: process.argv[2] ?? '',
  log: silentLogger,
  clock: systemClock,
});
// Ids begin with the process, since each of them starts counting anew.
const run = process.argv[3] ?? '';

async function commitForever(worker: number): Promise<never> {
  for (let count = 0; ; count += 1) {
    const id = `lse_${run}_${worker}_${count}`;
    const result = await storage.broker.commit(makeIntent({ token: id, lease: { id } }));
    if (result.status === 'committed') process.stdout.write(`${id}\n`);
  }
}

await Promise.all(Array.from({ length: 32 }, (_, worker) => commitForever(worker)));
