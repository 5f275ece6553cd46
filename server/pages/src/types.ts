// What the server answers and takes: docs/openapi.yaml, the parts that the pages use.

export type Role = 'receiver' | 'return_clerk' | 'handler' | 'dept_head' | 'leader' | 'records_clerk' | 'monitor'
  | 'administrator' | 'auditor' | 'system';
export type Channel = 'COUNTER' | 'ONLINE' | 'POST';
export type OwnerKind = 'CITIZEN' | 'ENTERPRISE' | 'STATE_AGENCY' | 'ORGANISATION';
export type Method = 'CASH' | 'TRANSFER' | 'ONLINE';

export interface CodeName { code: string; name: string }
export interface FieldFault { pointer: string; code: string; detail: string }
export interface ProblemBody {
  title: string; status: number; code: string; detail?: string; request_id?: string; errors?: FieldFault[];
}
export interface Page<T> { items: T[]; next: string | null }

export interface User {
  username: string;
  name: string;
  roles: Role[];
  grants: { role: Role; role_label: string; agency: string; agency_name: string }[];
  agency: CodeName | null;
}
export interface Session { token: string; expires_at: string; user: User }

export interface TimeLimit { quantity: number; unit: 'WORK_DAY' | 'CAL_DAY' | 'MONTH' | 'WORK_HOUR' | 'SAME_DAY_15' }
export interface ProcedureLine {
  code: string; name: string; field: string; field_label: string | null; level: string; time_limit: TimeLimit | null;
  is_chain: boolean;
}
export interface ProcedureComponent {
  code: string; name: string; is_required?: boolean; is_shown_only?: boolean; originals?: number;
  certified_copies?: number; plain_copies?: number; replaceable_by?: string[]; cases?: string[]; note?: string;
}
export interface ProcedureFee {
  code: string; name: string; kind: 'FEE' | 'LEVY'; basis: 'DOSSIER' | 'COPY' | 'PAGE';
  due: 'SUBMISSION' | 'ACCEPTANCE' | 'RESULT'; unit_name?: string; amount?: number; online_amount?: number;
  tiers?: { from: number; amount: number }[]; cap?: number; cases?: string[]; source?: string;
  reductions?: { ground: string; name: string; percent?: number; amount?: number; source?: string }[];
}
export interface Procedure extends ProcedureLine {
  version: number;
  channels: Channel[];
  return_channels: Channel[];
  components: ProcedureComponent[];
  fees: ProcedureFee[];
  cases: { code: string; name: string; time_limit?: TimeLimit }[];
  result?: string;
}

export interface Deadline {
  received_at: string; starts_at: string; due_clock: string; due_eod: string | null;
  skipped: { date: string; kind: string; name: string | null }[];
  explanation: {
    start: string | null; start_source: string | null; count: string | null; count_source: string | null;
    warning: string | null;
  };
}

export interface Owner {
  kind: OwnerKind; name: string; address: string; personal_id?: string; passport?: string; tax_code?: string;
  phone?: string; email?: string;
}
export interface Submitter {
  name: string; personal_id?: string; phone?: string; address?: string; authorisation?: string;
}
export interface DossierComponent {
  code: string; name: string | null; originals: number; certified_copies: number; plain_copies: number;
  reused_from?: string;
}
export interface FeeLine {
  code: string; name: string; quantity: number; full: number; reduced: number; amount: number;
  due: 'SUBMISSION' | 'ACCEPTANCE' | 'RESULT'; is_paid: boolean; paid_at?: string; method?: Method;
}
export interface Step {
  phase: string; name: string; quota_minutes: number; state: 'DONE' | 'CURRENT' | 'PLANNED'; unit_name?: string;
  handler?: string | null; started_at?: string; due_at?: string | null; ended_at?: string | null;
  planned_due_at?: string;
}
export interface ClockEntry {
  kind: 'START' | 'PAUSE' | 'RESUME' | 'RESTART' | 'END' | 'REAPPOINT'; at: string; actor: string | null;
  ground: string | null; document: string | null; due_at: string | null; due_eod: string | null;
}
export interface Action { action: string; label: string; needs: string[]; takes: string[] }

export interface Dossier {
  code: string; version: number; state: string; state_label: string;
  procedure: { code: string; version: number; name: string; field: string; case?: string;
    time_limit: (TimeLimit & { unit_label: string }) | null };
  channel: Channel; return_channel: Channel;
  receiving_unit: CodeName; competent_agency: CodeName; processing_unit: CodeName;
  holder: { unit: string; unit_name: string; role: Role; role_label: string };
  handler: { username: string; name: string } | null;
  submitted_at: string; accepted_at: string | null; due_at: string | null; due_eod: string | null;
  reappointed_due_at: string | null; finished_at: string | null; returned_at: string | null;
  timeliness: 'EARLY' | 'ON_TIME' | 'OVERDUE' | null;
  owner: Owner | null; submitter: Submitter | null; components: DossierComponent[]; fees: FeeLine[];
  fee_owed: number; note: string | null; steps: Step[];
  clock: { state: 'NONE' | 'RUNNING' | 'STOPPED' | 'ENDED'; supplement_due_at: string | null; consultation_due_at: string | null; entries: ClockEntry[] };
  actions: Action[];
  register_no?: number; open_dossiers?: string[]; lookup_secret?: string;
}
export interface DossierLine {
  code: string; version: number; state: string; state_label: string;
  procedure: { code: string | null; name: string | null }; owner_name: string | null;
  holder_unit_name: string; handler_name: string | null; accepted_at: string | null; due_at: string | null;
}
export interface WorkLine extends DossierLine {
  risk_at: string; step_due_at: string | null; remaining_minutes: number | null;
}
export interface DossierEvent {
  seq: number; at: string; action: string; action_label: string; to: string; to_label: string; actor: string | null;
  clock: ClockEntry['kind'] | null; ground: string | null; document: string | null; due_at: string | null;
  input: Record<string, unknown> | null;
}
export interface AgencyLine { code: string; name: string; short_name: string | null; valid_to: string | null }
