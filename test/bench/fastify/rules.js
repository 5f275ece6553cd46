// The one rule row that the bench walks (server/dossier/flow_rules.c): transfer, ACCEPTED → IN_TRANSFER, by a receiver.
'use strict';

const action = (name, needs = [], takes = []) => ({ action: name, needs, takes });
const withdrawal = action('request_withdrawal', ['reason'], ['proof', 'note']);

module.exports = {
  transfer: { from: 'ACCEPTED', to: 'IN_TRANSFER', role: 'receiver', phase: 'DESK', holder_role: 'dept_head',
    holder: (dossier) => dossier.processing_unit },
  after_accept: [action('transfer', [], ['note']), withdrawal],
  after_transfer: [withdrawal],
};
