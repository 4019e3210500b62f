/** Programs that made what was analysed, as a BIDS dataset names them. */
import type { StudyResults } from '../../contracts/results.js';
import { commandLine } from '../../report/pipelines.js';

export interface GeneratedBy {
  Name: string;
  Version: string;
  Description: string;
}

/** BIDS 1.10 `GeneratedBy`: one entry a program and version, with the commands of its steps as the pipelines write them. */
export function programsOf({ pipelines = [] }: StudyResults): GeneratedBy[] {
  const found = new Map<string, { name: string; version: string; commands: Set<string> }>();
  for (const { pipeline, steps } of pipelines) {
    for (const { step, program, versions, command } of steps) {
      for (const version of versions) {
        const key = JSON.stringify([program, version]), one = found.get(key) ?? { name: program, version, commands: new Set<string>() };
        one.commands.add(`${pipeline}, ${step}: ${commandLine(command)}`);
        found.set(key, one);
      }
    }
  }
  return [...found.values()].map(({ name, version, commands }) => ({ Name: name, Version: version, Description: [...commands].join('; ') }));
}
