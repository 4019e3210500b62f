/** A step of a pipeline asked for again, by the command line on a real server. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { readResults, sulcus } from '../workflow/harness.js';
import { pipelineStudy, type PipelineStudy } from '../workflow/pipeline-study.js';

let study: PipelineStudy | undefined;
afterEach(() => study?.remove());

describe('sulcus rerun --step', { timeout: 600_000 }, () => {
  it('runs a step again for everybody or one participant, and what follows where its outputs change', async () => {
    study = await pipelineStudy([{ name: 'tokyo', size: 10 }, { name: 'toronto', size: 10 }]);
    const { directory, runs } = study, [tokyo, toronto] = ['tokyo', 'toronto'].map((name) => study!.ids(name));
    const began = (from: number): string[] => runs().slice(from).filter((line) => line.includes(' begin ')).map((line) => line.split(' ').slice(0, 2).join(' ')).sort();
    const run = (...args: string[]) => sulcus([...args], directory);
    const first = await run('run', 'study.yaml');
    expect(first.code, first.stderr).toBe(0);
    expect(began(0)).toHaveLength(40);
    const id = readResults(study.results).run.workflowId, outcome = JSON.stringify(readResults(study.results).cohorts);

    // One participant: that step alone, since it makes the same bytes again.
    let from = runs().length;
    const one = await run('rerun', id, '--step', 'lab-scan/correct', '--participant', tokyo![0]!);
    expect(one.code, one.stderr).toBe(0);
    expect(one.stderr).toContain('again: step lab-scan/correct of 1 participant, with the settings');
    expect(one.stderr).not.toContain(tokyo![0]);
    expect(began(from)).toEqual([`correct ${tokyo![0]}`]);
    expect(JSON.stringify(readResults(study.results).cohorts)).toBe(outcome);

    // A cohort: the program has come to make something else without another version, and the next step follows it.
    const program = join(directory, 'lab', 'lab-scan');
    writeFileSync(program, readFileSync(program, 'utf8').replace("JSON.stringify({ left: scan.left.map((v) => v - scan.offset)", "' ' + JSON.stringify({ left: scan.left.map((v) => v - scan.offset)"));
    from = runs().length;
    const cohort = await run('rerun', id, '--step', 'lab-scan/correct', '--cohort', 'toronto', '--json');
    expect(cohort.code, cohort.stderr).toBe(0);
    expect(began(from)).toEqual(['correct', 'sample'].flatMap((step) => toronto!.map((participant) => `${step} ${participant}`)));
    expect(JSON.parse(cohort.stdout)).toMatchObject({ workflowId: id, status: 'done' });
    expect(JSON.stringify(readResults(study.results).cohorts)).toBe(outcome);

    from = runs().length;
    const nothing = await run('run', 'study.yaml');
    expect([nothing.code, began(from)]).toEqual([0, []]);

    const refused = async (...args: string[]): Promise<[number | null, string]> => { const { code, stderr } = await run('rerun', id, ...args); return [code, stderr]; };
    expect(await refused('--step', 'lab-scan/corect')).toEqual([2, expect.stringContaining('the study has no step lab-scan/corect (did you mean lab-scan/correct?)')]);
    expect(await refused('--step', 'lab-scan/correct', '--participant', 'nobody')).toEqual([2, expect.stringContaining('no participant nobody')]);
    expect(await refused('--step', 'lab-scan/correct', '--stage', 'fit')).toEqual([2, expect.stringContaining('say either --stage or --step')]);
    expect(await refused('--stage', 'fit', '--participant', tokyo![0]!)).toEqual([2, expect.stringContaining('--participant goes with --step')]);
    expect(await refused('--step', 'lab-scan/correct', '--by', 'A. Reviewer')).toEqual([2, expect.stringContaining('--by goes with --stage')]);
    expect([began(from)]).toEqual([[]]);

    // While it runs, nothing is put aside.
    const held = study.hold('correct', toronto![0]!);
    writeFileSync(study.scan('toronto', toronto![0]!), readFileSync(study.scan('toronto', toronto![0]!), 'utf8').replace('{', '{ '));
    const going = run('run', 'study.yaml');
    for (;;) { if (held.waiting() !== null) break; await new Promise((resolve) => setTimeout(resolve, 100)); }
    expect(await refused('--step', 'lab-scan/sample')).toEqual([2, expect.stringContaining(`study ${id} is running, so step lab-scan/sample cannot be done again now (wait for it, or stop it with \`sulcus cancel ${id}\`)`)]);
    expect(readFileSync(join(directory, 'tokyo', 'derivatives', 'lab-scan', tokyo![0]!, 'sample', 'step.json'), 'utf8')).toContain('"sulcus/step/1"');
    held.release();
    const ended = await going;
    expect(ended.code, ended.stderr).toBe(0);
  });
});
