/** Looks at everything a study needs and says what is missing, what that costs, and what to do. Starts and changes nothing. */
import { homedir, hostname, userInfo } from 'node:os';
import { dirname } from 'node:path';
import { packageRoot } from '../temporal/tools.js';
import { anonymous, type Here } from './anonymous.js';
import { bad, type Area, type Finding } from './finding.js';
import { examineInstalled } from './installed.js';
import { examineMachine, thisMachine } from './machine.js';
import { examinePipelines, usePipelines } from './pipelines.js';
import { examineState } from './state.js';
import { examineTemporal, readSettings } from './temporal.js';

export { studyFiles } from './pipelines.js';
export { type Area, type Finding, type Verdict } from './finding.js';

/** Findings in a fixed order, without names of users, hosts, participants, or folders. `state`: absolute path of the state folder; `studies`: study files. */
export async function examine(state: string, studies: readonly string[] = [], env: NodeJS.ProcessEnv = process.env): Promise<Finding[]> {
  const { foreign, problem } = readSettings(env);
  const embedded = foreign === null && problem === null;
  const groups = await Promise.all([
    guarded('installed', () => examineInstalled(!embedded, env)),
    guarded('pipelines', () => examinePipelines(studies, embedded)),
    guarded('machine', async () => examineMachine(thisMachine(), env)),
    guarded('state', () => examineState(state, embedded)),
    problem === null ? guarded('temporal', async () => examineTemporal(state, foreign, await usePipelines(studies))) : [problem],
  ]);
  const here = whereWeAre(state);
  const clean = (text: string | null): string | null => (text === null ? null : anonymous(text, here));
  return groups.flat().map((f) => ({ ...f, found: anonymous(f.found, here), cost: clean(f.cost), remedy: clean(f.remedy) }));
}

/** A look that fails is a finding, too. */
async function guarded(area: Area, look: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await look();
  } catch (error) {
    return [bad(area, 'examination', `could not be ended: ${error instanceof Error ? error.message : String(error)}`, 'unknown', 'report this line')];
  }
}

function whereWeAre(state: string): Here {
  const host = hostname();
  return {
    home: homedir(), user: userName(), hostnames: [...new Set([host, host.split('.')[0] ?? host])],
    folders: [{ folder: state, label: '<state>' }, { folder: dirname(state), label: '<study>' }, { folder: packageRoot(), label: '<sulcus>' }],
  };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return ''; // a uid without an entry, as in containers
  }
}
