/**
 * Records histories of real runs into histories/VERSION: every workflow, and every message, as this version does them. Done once a release
 * (docs/reliability.md); what earlier versions recorded stays and must go on to replay. `-t NAME` records some of them.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'vitest';
import { acquireServer, type AcquiredServer } from '../../client/temporal/index.js';
import { COHORTS_PER_ARGUMENT } from '../../contracts/limits.js';
import { pidOf, smallStudy, start, sulcus, until, type SmallStudy, type SmallStudyOptions } from './harness.js';
import { reviewStudy, type ReviewStudy } from '../imaging/review-study.js';
import { pipelineStudy, type PipelineStudy } from './pipeline-study.js';
import { record, runIdOf } from './recorded.js';

interface Recording {
  study: SmallStudy;
  /** A command of the study's folder, which must end with this code. */
  command(args: string[], code?: number): Promise<string>;
  record(workflowId: string, name: string, runId?: string): Promise<void>;
  runIdOf(workflowId: string): Promise<string>;
}

function recording(name: string, of: SmallStudyOptions | (() => Promise<SmallStudy>), work: (recording: Recording) => Promise<void>): void {
  it(name, async () => {
    const study = typeof of === 'function' ? await of() : await smallStudy(of);
    let server: AcquiredServer | null = null;
    try {
      server = await acquireServer(study.state);
      const { address } = server;
      await work({
        study,
        async command(args, code = 0) {
          const ended = await sulcus(args, study.directory);
          if (ended.code !== code) throw new Error(`sulcus ${args.join(' ')} ended with ${ended.code}: ${ended.stderr}`);
          return ended.stdout;
        },
        record: (id, as, runId) => record(address, id, as, study.directory, runId),
        runIdOf: (id) => runIdOf(address, id),
      });
    } finally {
      await server?.release();
      await study.remove();
    }
  });
}

const participants = (study: SmallStudy): string[] => readFileSync(join(study.directory, 'tokyo', 'participants.tsv'), 'utf8').split('\n').slice(1).map((line) => line.split('\t')[0] as string);

// With such an alpha something replicates, so that there is something to resample.
recording('whole studies, reruns, cohorts alone and sweeps', { ranks: [2, 4], splits: 2, edit: [['alpha: 0.05', 'alpha: 0.9']] }, async ({ study, command, record: save }) => {
  await command(['run', 'study.yaml']);
  await save('acc-trs', 'study-whole');
  await save('acc-trs/tokyo', 'cohort-whole');
  await command(['rerun', 'acc-trs', '--stage', 'fit', '--cohort', 'tokyo', '--by', 'somebody']);
  await save('acc-trs', 'study-rerun');
  await save('acc-trs/toronto', 'cohort-reused');
  await command(['run', 'study.yaml', '--cohort', 'tokyo']);
  await save('acc-trs-only-tokyo', 'study-one-cohort');
  writeFileSync(study.file, readFileSync(study.file, 'utf8').replace('alpha: 0.9', 'alpha: 0.8'));
  await command(['schedule', 'create', 'study.yaml', '--every', '24h', '--settle', '0s']);
  for (const sweep of ['sweep-started', 'sweep-nothing-new']) {
    const { sweep: { workflowId } } = JSON.parse(await command(['schedule', 'trigger', '--follow', '--json'])) as { sweep: { workflowId: string } };
    await save(workflowId, sweep);
  }
});

recording('reading ahead', { ranks: [2, 3], splits: 1, edit: [['missing: exclude', 'missing: fail']] }, async ({ command, record: save }) => {
  await command(['run', 'study.yaml']);
  await save('acc-trs', 'study-fail');
  await save('acc-trs/tokyo/check', 'cohort-check');
});

recording('every message', { meshLevel: 4, ranks: [2, 4], splits: 2, edit: [['rank: auto', 'rank: review\nreview: { remind: 3s }']] }, async ({ study, command, record: save }) => {
  const [first = '', second = ''] = participants(study), run = start(['run', 'study.yaml'], study.directory);
  await until('a fit', () => (existsSync(join(study.state, 'store', 'artifacts', 'fit')) ? true : null), 600_000);
  const exclude = (who: string, ...more: string[]): Promise<string> => command(['exclude', 'acc-trs', '--cohort', 'tokyo', '--subject', who, '--reason', 'moved', '--by', 'somebody', ...more]);
  await command(['pause', 'acc-trs', '--by', 'somebody']);
  await exclude(first);
  await command(['resume', 'acc-trs', '--by', 'somebody']);
  await run.finished;
  // While it waits for a person: the evidence changes twice.
  await exclude(second);
  await command(['run', 'study.yaml'], 3);
  await exclude(second, '--readmit');
  await command(['run', 'study.yaml'], 3);
  await command(['approve', 'acc-trs', '--rank', '3', '--unstable', '--by', 'somebody']);
  await command(['run', 'study.yaml']);
  await save('acc-trs', 'study-operated');
  await save('acc-trs/tokyo', 'cohort-operated');
  await save('acc-trs/toronto', 'cohort-paused');
});

recording('a cancelled study', { meshLevel: 4, ranks: [2, 9], splits: 10 }, async ({ study, command, record: save }) => {
  const run = start(['run', 'study.yaml'], study.directory), fits = join(study.state, 'store', 'artifacts', 'fit');
  await until('some fits', () => (existsSync(fits) && readdirSync(fits).length >= 5 ? true : null), 600_000);
  await command(['cancel', 'acc-trs']);
  await run.finished;
  await save('acc-trs', 'study-cancelled');
  await save('acc-trs/tokyo', 'cohort-cancelled');
});

recording('a worker lost', { meshLevel: 4, ranks: [2, 9], splits: 4 }, async ({ study, record: save }) => {
  const run = start(['run', 'study.yaml'], study.directory), fits = join(study.state, 'store', 'artifacts', 'fit');
  await until('some fits', () => (existsSync(fits) && readdirSync(fits).length >= 5 ? true : null), 600_000);
  process.kill(pidOf(join(study.state, 'worker.json')) as number, 'SIGKILL');
  await run.finished;
  await save('acc-trs/tokyo', 'cohort-worker-lost');
});

const many = Array.from({ length: 8 }, (_, i) => ({ name: `site${i + 1}`, size: 24 }));
recording('many cohorts', { ranks: [2, 3], splits: 1, cohorts: many, edit: [['pairwise: subset', 'pairwise: subset, resamples: 0']] }, async ({ command, record: save }) => {
  await command(['run', 'study.yaml']);
  await save('acc-trs', 'study-many');
});

// Until it waits for a person: what follows is in `every message` and `many cohorts`.
recording('a review of many cohorts', { ranks: [2, 3], splits: 1, cohorts: many.slice(0, COHORTS_PER_ARGUMENT + 1), edit: [['rank: auto', 'rank: review']] }, async ({ command, record: save }) => {
  await command(['run', 'study.yaml'], 3);
  await save('acc-trs', 'study-many-review');
});

// A program that does not end at once: the other cohort is waited for.
recording('a cancelled study of pipelines', () => pipelineStudy([{ name: 'tokyo', size: 4 }, { name: 'toronto', size: 4 }]), async ({ study: small, command, record: save }) => {
  const study = small as PipelineStudy, [first = ''] = study.ids('tokyo'), held = study.hold('correct', first);
  const run = start(['run', 'study.yaml'], study.directory);
  await until('a program', held.waiting, 600_000);
  await command(['cancel', 'acc-trs']);
  await run.finished;
  await save('acc-trs', 'study-cancelled-together');
});

recording('pipelines', () => pipelineStudy([{ name: 'tokyo', size: 6 }]), async ({ study: small, command, record: save }) => {
  const study = small as PipelineStudy, [first = '', broken = '', flaky = ''] = study.ids('tokyo'), id = 'acc-trs/tokyo/lab-scan';
  const change = (who: string, word: string): void => writeFileSync(study.scan('tokyo', who), readFileSync(study.scan('tokyo', who), 'utf8').replace('{', `{"${word}":true,`));
  change(broken, 'broken');
  const held = study.hold('correct', first);
  const run = start(['run', 'study.yaml'], study.directory);
  await until('a program', held.waiting, 600_000);
  await command(['cancel', 'acc-trs']);
  await run.finished;
  await save(id, 'pipeline-cancelled');
  await save(`${id}/0001`, 'participant-cancelled');
  change(flaky, 'flaky');
  const again = start(['run', 'study.yaml'], study.directory);
  await until('another program', () => (held.waiting() === null ? null : study.runs().filter((line) => line.startsWith(`correct ${first} begin`)).length === 2 ? true : null), 600_000);
  await command(['pause', 'acc-trs', '--by', 'somebody']);
  held.release();
  await until('its end', () => (study.runs().some((line) => line.startsWith(`correct ${first} end`)) ? true : null), 600_000);
  await command(['resume', 'acc-trs', '--by', 'somebody']);
  await again.finished;
  await save('acc-trs/tokyo', 'cohort-pipeline');
  await save(id, 'pipeline-paused');
  await save(`${id}/0001`, 'participant-paused');
  await save(`${id}/0002`, 'participant-excluded');
  await save(`${id}/0003`, 'participant-tried-again');
  await command(['run', 'study.yaml']);
  await save(id, 'pipeline-reused');
});

recording('participants rated', () => reviewStudy([{ name: 'tokyo', size: 6 }]), async ({ study: small, command, record: save, runIdOf: idOf }) => {
  const study = small as ReviewStudy, [unfit = '', later = '', ...others] = study.ids('tokyo'), id = 'acc-trs/tokyo/lab-scan';
  study.edit('rank: auto', 'rank: auto\nreview: { remind: 2s }');
  await command(['run', 'study.yaml'], 3);
  await save(`${id}/0001`, 'participant-unrated');
  await command(['cancel', 'acc-trs']);
  await save('acc-trs/tokyo', 'cohort-cancelled-rating');
  await command(['run', 'study.yaml'], 3);
  const first = await idOf(id);
  await study.rate('tokyo', unfit, 'unfit');
  for (const one of others) await study.rate('tokyo', one, 'good');
  await command(['run', 'study.yaml'], 3);
  await save(id, 'pipeline-rated-continued', first);
  await save(id, 'pipeline-waiting');
  await study.rate('tokyo', later, 'doubtful');
  await command(['run', 'study.yaml']);
  await save(`${id}/0001`, 'participant-rated');
  await save(id, 'pipeline-rated');
  await save('acc-trs', 'study-rated');
});
