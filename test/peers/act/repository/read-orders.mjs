// A deploy script: it connects with what stands in its environment, and knows nothing of where that came from.
import pg from 'pg';

const client = new pg.Client();
await client.connect();
const { rows } = await client.query('SELECT item, euros, current_user AS role FROM orders ORDER BY id LIMIT 1');
await client.end();
process.stdout.write(`row: ${rows[0].item} for ${rows[0].euros} euros, read as ${rows[0].role}\n`);
