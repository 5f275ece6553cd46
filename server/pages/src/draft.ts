// The intake form as data: what a clerk has typed so far, how it becomes the question to the server, what it will cost.
import { ask, forget, keep, keep_before_leaving, kept, new_key, Problem, user } from './api';
import type { Channel, Draft as Kept, OwnerKind, Procedure, ProcedureComponent } from './types';

export interface Papers {
  is_there: boolean; originals: string; certified_copies: string; plain_copies: string; reused_from: string; reason: string;
}
export interface Draft {
  /** One a form: however often it is sent, one dossier comes of it. */
  key: string;
  /** What was sent and never answered: sent again just so, before anything else. */
  sent: Record<string, unknown> | null;
  procedure: string;
  case: string;
  decision: 'ACCEPT' | 'REQUEST_MORE' | 'REFUSE';
  return_channel: Channel;
  owner: {
    kind: OwnerKind; name: string; personal_id: string; passport: string; tax_code: string; phone: string; email: string;
    address: string;
  };
  is_on_behalf: boolean;
  submitter: { name: string; personal_id: string; phone: string; address: string; authorisation: string };
  papers: Record<string, Papers>;
  copies: string;
  pages: string;
  fee_ground: string;
  payment_method: '' | 'CASH' | 'TRANSFER' | 'ONLINE';
  note: string;
  reason: string;
  ground: string;
}

export const empty_draft = (): Draft => ({
  key: new_key(), sent: null, procedure: '', case: '', decision: 'ACCEPT', return_channel: 'COUNTER',
  owner: { kind: 'CITIZEN', name: '', personal_id: '', passport: '', tax_code: '', phone: '', email: '', address: '' },
  is_on_behalf: false, submitter: { name: '', personal_id: '', phone: '', address: '', authorisation: '' },
  papers: {}, copies: '', pages: '', fee_ground: '', payment_method: '', note: '', reason: '', ground: '',
});

/** What stays when the next person sits down: the procedure and how results go back. */
export const next_draft = (before: Draft): Draft => ({
  ...empty_draft(), procedure: before.procedure, case: before.case, return_channel: before.return_channel,
});

// A draft lies on this PC at once, so that a power cut loses nothing, and with the server a moment later, so that its
// writer finds it again after signing out or at another PC, and nobody else does.
const SAVE_MS = 1500;
let unsaved: { text: string; whose: string } | null = null, timer: ReturnType<typeof setTimeout> | undefined;

async function save(): Promise<void> {
  clearTimeout(timer);
  const mine = unsaved;
  if (!mine || mine.whose !== user.value?.username)
    return; /* never into another person's hands */
  await ask<null>('draft', { method: 'PUT', body: { text: mine.text }, is_aside: true });
  if (unsaved === mine)
    unsaved = null;
}
keep_before_leaving(save);

const is_worth_keeping = ({ owner, sent }: Draft): boolean =>
  sent !== null || [owner.name, owner.personal_id, owner.tax_code, owner.phone, owner.address].some((text) => text !== '');
export function keep_draft(draft: Draft): void {
  keep('intake', draft);
  leave_to_save(is_worth_keeping(draft) ? JSON.stringify(draft) : '');
}
export function forget_draft(): void {
  forget('intake');
  leave_to_save('');
}
function leave_to_save(text: string): void {
  unsaved = { text, whose: user.value?.username ?? '' };
  clearTimeout(timer);
  timer = setTimeout(() => { save().catch(() => undefined); }, SAVE_MS); /* the next letter tries again */
}

export const kept_draft = (): Draft | null => kept<Draft>('intake');
/** What the server has of this person; null: nothing, or nothing that can be used any more. */
export async function saved_draft(): Promise<Draft | null> {
  const { text } = await ask<Kept>('draft');
  try {
    const found = JSON.parse(text ?? 'null') as Draft | null;
    return found && typeof found.key === 'string' ? { ...empty_draft(), ...found } : null;
  } catch {
    return null;
  }
}

export const no_papers: Papers = {
  is_there: false, originals: '0', certified_copies: '0', plain_copies: '0', reused_from: '', reason: '',
};
/** As the catalogue asks for it. */
export const full_papers = (component: ProcedureComponent): Papers => ({
  ...no_papers, is_there: true, originals: `${component.originals ?? 0}`,
  certified_copies: `${component.certified_copies ?? 0}`, plain_copies: `${component.plain_copies ?? 0}`,
});
export const components_of = (procedure: Procedure, chosen: string): ProcedureComponent[] =>
  procedure.components.filter((one) => !one.cases?.length || one.cases.includes(chosen));

const or_null = (text: string): string | null => text.trim() === '' ? null : text.trim();
const count = (text: string): number => /^\d{1,5}$/.test(text.trim()) ? Number(text) : 0;

/** What is no number goes as it was typed: the server says what is wrong with it, at its place. */
const sent_count = (text: string): number | string | null =>
  text.trim() === '' ? null : /^\d{1,9}$/.test(text.trim()) ? Number(text) : text;

/** The rows in the order they are sent, so that a pointer of the answer finds its row again. */
export const sent_rows = (draft: Draft, procedure: Procedure): string[] =>
  components_of(procedure, draft.case).map((one) => one.code).filter((code) => draft.papers[code]?.is_there);

export function body_of(draft: Draft, procedure: Procedure): Record<string, unknown> {
  const { owner, submitter } = draft;
  const missing = components_of(procedure, draft.case)
    .filter((one) => one.is_required && !draft.papers[one.code]?.is_there);
  return {
    procedure: draft.procedure, case: or_null(draft.case), channel: 'COUNTER', return_channel: draft.return_channel,
    decision: draft.decision,
    owner: {
      kind: owner.kind, name: owner.name.trim(), address: owner.address.trim(), phone: or_null(owner.phone),
      email: or_null(owner.email), ...(owner.kind === 'CITIZEN'
        ? { personal_id: or_null(owner.personal_id), passport: or_null(owner.passport) }
        : { tax_code: or_null(owner.tax_code) }),
    },
    submitter: draft.is_on_behalf ? {
      name: submitter.name.trim(), personal_id: or_null(submitter.personal_id), phone: or_null(submitter.phone),
      address: or_null(submitter.address), authorisation: or_null(submitter.authorisation),
    } : null,
    components: sent_rows(draft, procedure).map((code) => {
      const papers = draft.papers[code] ?? no_papers;
      return {
        code, originals: sent_count(papers.originals) ?? 0, certified_copies: sent_count(papers.certified_copies) ?? 0,
        plain_copies: sent_count(papers.plain_copies) ?? 0, reused_from: or_null(papers.reused_from),
      };
    }),
    ...(draft.decision === 'REQUEST_MORE' ? {
      items: missing.map((one) => ({ component: one.name, reason: draft.papers[one.code]?.reason || 'Chưa nộp' })),
    } : {}),
    ...(draft.decision === 'REFUSE' ? { reason: draft.reason.trim(), ground: or_null(draft.ground) } : {}),
    copies: sent_count(draft.copies), pages: sent_count(draft.pages),
    fee_ground: or_null(draft.fee_ground), payment_method: or_null(draft.payment_method), note: draft.note.trim(),
  };
}

/** The server names a row by its place in what was sent, or a missing one by its name: both become the row's code. */
export function at_rows(problem: Problem, draft: Draft, procedure: Procedure): Problem {
  const rows = sent_rows(draft, procedure);
  const errors = problem.errors.map((fault) => {
    const row = /^\/components\/(\d+)(.*)$/.exec(fault.pointer);
    const named = fault.pointer === '/components'
      ? procedure.components.find((one) => fault.detail.startsWith(`${one.name}: `)) : undefined;
    if (named)
      return { ...fault, pointer: `/components/${named.code}`, detail: fault.detail.slice(named.name.length + 2) };
    return row ? { ...fault, pointer: `/components/${rows[Number(row[1])] ?? row[1]}${row[2]}` } : fault;
  });
  return new Problem({ title: problem.message, status: problem.status, code: problem.code, request_id: problem.request_id, errors });
}

export interface FeeShown { code: string; name: string; due: string; amount: number; full: number; how: string }

/** For the eye before saving; what is owed is what the server answers. */
export function fees_shown(draft: Draft, procedure: Procedure): FeeShown[] {
  const copies = Math.max(1, count(draft.copies)), pages = Math.max(1, count(draft.pages));
  return procedure.fees.filter((fee) => !fee.cases?.length || fee.cases.includes(draft.case)).map((fee) => {
    let one = fee.amount ?? 0;
    if (fee.basis === 'PAGE') {
      const tiers = fee.tiers ?? [];
      one = tiers.reduce((sum, tier, index) => {
        const end = Math.min((tiers[index + 1]?.from ?? pages + 1), pages + 1);
        return sum + Math.max(0, end - tier.from) * tier.amount;
      }, 0);
      one = fee.cap ? Math.min(one, fee.cap) : one;
    }
    const quantity = fee.basis === 'DOSSIER' ? 1 : copies;
    const full = one * quantity;
    const less = fee.reductions?.find((one_less) => one_less.ground === draft.fee_ground);
    const reduced = !less ? 0 : less.percent ? Math.floor(full * less.percent / 100) : (less.amount ?? 0) * quantity;
    return {
      code: fee.code, name: fee.name, due: fee.due, full, amount: full - Math.min(full, reduced),
      how: quantity > 1 ? `${quantity} ${fee.unit_name ?? 'bản'}` : '',
    };
  });
}
