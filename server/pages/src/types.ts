// The server's own words for what it answers (generated.ts, from docs/openapi.yaml), under the names of the pages.
import type * as api from './generated';

export type {
  AgencyLine, Delegation, DelegationList, DeskDay, DeskLine, Dossier, DossierComponent, DossierLine, Draft, DuplicateList, FeeLine,
  Owner, PersonOfUnit, PeopleList, Procedure, ProcedureComponent, ProcedureFee, ProcedureLine, Session, Step, TimeLimit, User,
  WorkLine, Action, BlockedAction, Leg, Deadline, Submitter, CodeName,
} from './generated';
export type DossierEvent = api.Event;
export type Role = api.User['roles'][number];
export type Channel = api.Dossier['channel'];
export type OwnerKind = api.Owner['kind'];
export type ClockEntry = api.Dossier['clock']['entries'][number];
export type Lent = api.DelegationList['items'][number];
export type FieldFault = NonNullable<api.Problem['errors']>[number];
export type ProblemBody = Omit<api.Problem, 'type'>;
export interface Page<T> { items: T[]; next: string | null }
