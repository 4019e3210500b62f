/** `sulcus deploy`: which versions of workers there are, and which of them begins new studies. */
import type { Command } from 'commander';
import { action, type Run } from '../command.js';
import { EXIT } from '../console.js';
import { listVersions, promote, type DeploymentVersion } from '../deploy/versions.js';
import { connect } from '../connection.js';
import { stateDirectory } from '../temporal/index.js';

export function registerDeploy(program: Command): void {
  const deploy = program.command('deploy').description('versions of workers (`sulcus worker --deployment`): studies end on the one they began on').exitOverride()
    .addHelpText('after', '\nExample:\n  sulcus deploy promote lab 0.2.0-1f2e3d4c5b6a');
  deploy.command('status').description('versions, and which one begins new studies').argument('[deployment]', 'its name; all when left out')
    .option('--json', 'print one JSON document on stdout').addHelpText('after', '\nExample:\n  sulcus deploy status lab').action(action(status));
  deploy.command('promote').description('begin new studies on a version; those that run end on theirs').argument('<deployment>', 'its name').argument('<build-id>', 'the version')
    .option('--json', 'print one JSON document on stdout').addHelpText('after', '\nExample:\n  sulcus deploy promote lab 0.2.0-1f2e3d4c5b6a').action(action(promoteVersion));
}

const MEANING: Record<DeploymentVersion['status'], string> = {
  current: 'current: new studies begin here', ramping: 'ramping: some new studies begin here', inactive: 'has had no study', draining: 'draining: studies still run on it, keep its workers',
  drained: 'drained: its workers may be stopped', unknown: 'in a state this version of sulcus does not know',
};

async function status({ console }: Run, deployment: string | undefined): Promise<number> {
  const connection = await connect(stateDirectory(null), console.note);
  try {
    const versions = await listVersions(connection.client, deployment);
    if (versions.length === 0) console.say('no worker of a deployment has come to this server: workers are not versioned');
    for (const v of versions) console.say(`${v.deployment} ${v.buildId}  ${MEANING[v.status]}`);
    for (const name of new Set(versions.map((v) => v.deployment))) {
      if (versions.some((v) => v.deployment === name && v.status === 'current')) continue;
      console.say(`no version of ${name} is current: its workers get no new studies until \`sulcus deploy promote ${name} BUILD-ID\``);
    }
    console.answer({ versions });
    return EXIT.done;
  } finally {
    await connection.close();
  }
}

async function promoteVersion({ console }: Run, deployment: string, buildId: string): Promise<number> {
  const connection = await connect(stateDirectory(null), console.note);
  try {
    await promote(connection.client, deployment, buildId);
    console.say(`new studies begin on ${buildId} of ${deployment}; those that run end on the version they began on`);
    console.answer({ deployment, buildId, versions: await listVersions(connection.client, deployment) });
    return EXIT.done;
  } finally {
    await connection.close();
  }
}
