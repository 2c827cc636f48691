import pg from 'pg';

// What a deploy script would do: connect with what stands in the environment, and with nothing else.
const client = new pg.Client();
await client.connect();
const { rows } = await client.query<{ role: string; orders: string; euros: string }>(
  'SELECT current_user AS role, count(*) AS orders, sum(euros) AS euros FROM orders',
);
await client.end();
const [row] = rows;
process.stdout.write(`connected as ${row?.role}\n${row?.orders} orders, ${row?.euros} euros\n`);
