/** Approvals of a rank: they hold for the evidence they were given on, in every later run of the study. */
import type { ApprovalInput, RecordApprovalInput } from '../../contracts/operator.js';
import type { RankDecision } from '../../contracts/decisions.js';
import { stepKey } from '../../storage/keys.js';
import type { ControlContext } from '../context.js';
import { decodeJson, encodeJson, provenanceOf, stepRow } from '../step.js';

const APPROVAL_VERSION = 1;

/** Evidence is keyed by its content: another participant, rank or split is other evidence. */
const keyOf = ({ evidence }: ApprovalInput): string => stepKey('approval', APPROVAL_VERSION, evidence.map((e) => [e.cohort, e.evidence.key]));
const pathOf = (input: ApprovalInput): string => `approvals/${input.study}/${keyOf(input)}`;

interface ApprovalDocument {
  decision: RankDecision;
  runId: string;
  workflowId: string;
}

export async function findApproval({ store }: ControlContext, input: ApprovalInput): Promise<RankDecision | null> {
  const bytes = await store.decision(pathOf(input));
  if (bytes === null) return null;
  const { decision, runId, workflowId } = decodeJson<ApprovalDocument>(bytes);
  await store.recordSteps(input.run.runId, 'rank', [stepRow(input.run, { step: 'rank', rank: decision.chosen }, keyOf(input), { ...provenanceOf(input.run, 0), runId, workflowId })]);
  return decision;
}

export async function recordApproval({ store }: ControlContext, input: RecordApprovalInput): Promise<void> {
  const { run, decision } = input;
  await store.putDecision(pathOf(input), encodeJson({ decision, runId: run.runId, workflowId: run.workflowId } satisfies ApprovalDocument));
  await store.recordSteps(run.runId, 'rank', [stepRow(run, { step: 'rank', rank: decision.chosen }, keyOf(input), { ...provenanceOf(run, 0), why: 'a person decided', comparedWith: null })]);
}
