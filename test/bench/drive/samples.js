// The parameters that pgbench gives to the commands: those of a real intake and a real transfer, as the peer computes
// them; they differ from the daemon's in nothing that the database sees.
'use strict';
const { Catalogue } = require('../fastify/catalogue');
const statements = require('../fastify/statements');
const intake_room = require('../fastify/intake');
const act_room = require('../fastify/act');
const { sha256 } = require('../fastify/session');

const body = {
  procedure: '1.001612', channel: 'COUNTER', return_channel: 'COUNTER',
  owner: { kind: 'CITIZEN', name: 'Trần Thị Bình', personal_id: '048012345678', phone: '0905123456',
    address: 'Tổ 12, phường Tam Kỳ' },
  components: [{ code: 'FORM_HOUSEHOLD', originals: 1 }, { code: 'ID_PAPER', plain_copies: 1 }], payment_method: 'CASH',
};

const refused = () => { throw new Error('the sample is refused'); };
const reply = { code: refused };

async function prepared(bench) {
  if (!bench.sample_clerk) {
    const [clerk] = await bench.database.rows("SELECT token, hash FROM bench.person WHERE kind = 'clerk' AND commune = 0");
    const [asker] = await statements.session(bench.database.pool, { session: clerk.hash });
    bench.sample_clerk = { session: clerk.hash, ...asker };
    bench.catalogue = await Catalogue.load(bench.database.pool);
  }
  return bench.sample_clerk;
}

async function intake(bench) {
  const asker = await prepared(bench);
  const view = intake_room.plan(bench.catalogue, { body, asker }, reply);
  return intake_room.parameters(bench.catalogue, asker.session, 'key', sha256('body'), body, view);
}

/* Of the first prepared dossier. */
async function transition(bench) {
  const asker = await prepared(bench);
  const code = await bench.database.value('SELECT code FROM motcua.dossier WHERE id = $1', [bench.first]);
  const [row] = await statements.load(bench.database.pool, { session: asker.session, code, key: 'key' });
  const view = act_room.view_of(bench.catalogue, row);
  act_room.transfer(bench.catalogue, view, asker, undefined);
  return act_room.parameters(bench.catalogue, asker, 'key', sha256('body'), { action: 'transfer' }, view);
}

module.exports = { body, intake, transition };
