// The body of POST /api/v1/dossiers as JSON schema: what server/counter/intake_body.c says in its tables.
'use strict';

const text = (maxLength, more = {}) => ({ type: 'string', maxLength, ...more });
const given = (maxLength) => text(maxLength, { minLength: 1 });
const count = (maximum) => ({ type: 'integer', minimum: 0, maximum });
const object = (properties, required = []) => ({ type: 'object', additionalProperties: false, properties, required });
const list = (items) => ({ type: 'array', maxItems: 60, items });
const channel = { enum: ['COUNTER', 'ONLINE', 'POST'] };

const person = {
  name: given(200), personal_id: text(12, { pattern: '^(0[0-9]{11}|[0-9]{9})?$' }), passport: text(20),
  phone: text(16, { pattern: '^(0[0-9]{8,10}|\\+84[0-9]{8,10})?$' }), email: text(200),
};

module.exports = object({
  procedure: given(40), case: text(64), channel, return_channel: channel,
  decision: { enum: ['ACCEPT', 'SUBMIT', 'REQUEST_MORE', 'REFUSE'] }, receiving_unit: text(32), assist_unit: text(32),
  competent_agency: text(32),
  owner: object({ kind: { enum: ['CITIZEN', 'ENTERPRISE', 'STATE_AGENCY', 'ORGANISATION'] }, ...person,
    tax_code: text(14, { pattern: '^([0-9]{10}(-[0-9]{3})?)?$' }), address: given(500) }, ['kind', 'name', 'address']),
  submitter: object({ ...person, address: text(500), authorisation: text(500) }, ['name']),
  components: list(object({ code: given(64), originals: count(10000), certified_copies: count(10000),
    plain_copies: count(10000), reused_from: text(64) }, ['code'])),
  items: list(object({ component: given(200), reason: given(1000) }, ['component', 'reason'])),
  copies: count(10000), pages: count(100000), fee_ground: text(64),
  payment_method: { enum: ['CASH', 'TRANSFER', 'ONLINE'] }, note: text(2000), reason: text(2000), ground: text(500),
}, ['procedure', 'channel', 'return_channel', 'owner', 'components']);
